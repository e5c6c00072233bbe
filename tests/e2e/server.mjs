// A chat server that says what a test tells it to, and a catch-all that must hear nothing.
import { createServer } from "node:http";

const wait = (ms) => new Promise((then) => setTimeout(then, ms));

/** Listens on a free port of this machine. */
function listen(server) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

async function bodyOf(request) {
  let text = "";
  for await (const bytes of request) text += bytes;
  return text;
}

/**
 * An OpenAI-compatible server. Each answer is taken from `answers` in turn (the last one repeats):
 * `{words, pause}` streams the words with that many milliseconds between them, `cut` breaks the connection after
 * so many words; `{status, json, headers}` refuses. A function makes one of these from what was asked.
 */
export class ChatServer {
  answers = [{ words: ["Hello", " from", " the", " test", " server", "."], pause: 5 }];
  /** The models that it lists. */
  models = ["test-model"];
  /** PNG files that it answers with when pictures are asked for, in turn. */
  pictures = [];
  /** WAV files that it speaks with, in turn; `{status, json}` refuses. */
  sounds = [];
  /** What it was asked, oldest first: `{path, headers, body}`. */
  asked = [];

  static async open() {
    const chat = new ChatServer();
    chat.server = createServer((request, response) => chat.#answer(request, response).catch(() => response.destroy()));
    chat.url = await listen(chat.server);
    return chat;
  }

  /** Sets what is answered from now on. */
  say(...answers) {
    this.answers = answers;
  }

  /** The voices that were asked for. */
  get speeches() {
    return this.asked.filter(({ path }) => path.endsWith("/audio/speech")).map(({ body }) => body);
  }

  /** The chats that were asked for. */
  get chats() {
    return this.asked.filter(({ path }) => path.endsWith("/completions"));
  }

  async #answer(request, response) {
    const body = await bodyOf(request);
    const path = request.url;
    this.asked.push({ path, headers: request.headers, body: body ? JSON.parse(body) : undefined });
    if (path.endsWith("/models")) {
      return json(response, 200, { object: "list", data: this.models.map((id) => ({ id, object: "model" })) });
    }
    if (path.endsWith("/images/generations")) {
      const picture = this.pictures.shift();
      this.pictures.push(picture);
      return json(response, 200, { created: 1, data: [{ b64_json: picture.toString("base64") }] });
    }
    if (path.endsWith("/audio/speech")) {
      const sound = this.sounds.shift();
      this.sounds.push(sound);
      if (sound.status) return json(response, sound.status, sound.json);
      return void response.writeHead(200, { "content-type": "audio/wav" }).end(sound);
    }
    if (!path.endsWith("/completions")) return json(response, 404, { error: "not here" });
    const next = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    const answer = typeof next === "function" ? next(JSON.parse(body)) : next;
    if (answer.status) return json(response, answer.status, answer.json, answer.headers);
    await this.#stream(response, answer, path.endsWith("/chat/completions"));
  }

  async #stream(response, { words, pause = 0, cut = Infinity }, chat) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const event = (choice, more = {}) =>
      response.write(`data: ${JSON.stringify({ id: "1", model: "test-model", choices: [choice], ...more })}\n\n`);
    for (const [at, word] of words.entries()) {
      if (response.destroyed) return;
      if (at >= cut) return void response.destroy();
      event(chat ? { index: 0, delta: { content: word } } : { index: 0, text: word });
      if (pause) await wait(pause);
    }
    const usage = { prompt_tokens: 7, completion_tokens: words.length, total_tokens: 7 + words.length };
    event({ index: 0, delta: {}, finish_reason: "stop" }, { usage });
    response.end("data: [DONE]\n\n");
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((then) => this.server.close(() => then()));
  }
}

function json(response, status, value, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

/** Proxy and server for everything that must not be asked for: notes it and refuses. */
export class CatchAll {
  /** One line a request. */
  heard = [];

  static async open() {
    const all = new CatchAll();
    all.server = createServer((request, response) => {
      all.heard.push(`${request.method} ${request.url} ${request.headers.host ?? ""}`);
      response.writeHead(418).end();
    });
    all.server.on("connect", (request, socket) => {
      all.heard.push(`CONNECT ${request.url}`);
      socket.end("HTTP/1.1 418 No\r\n\r\n");
    });
    all.url = await listen(all.server);
    return all;
  }

  /** What makes every program send its requests here; all but those to this machine, where WebDriver is. */
  get env() {
    const names = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    return { ...Object.fromEntries(names.map((name) => [name, this.url])), no_proxy: "127.0.0.1" };
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((then) => this.server.close(() => then()));
  }
}
