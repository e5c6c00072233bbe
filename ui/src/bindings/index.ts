// Generated from the Rust types; run `cargo xtask bindings`, never edit.

/**
 * What a screen reader is told while an answer streams.
 */
export type Announce = "off" | "finish" | "sentences";

/**
 * What the About page shows.
 */
export type AppInfo = {
/**
 * Version of the app.
 */
version: string,
/**
 * `linux`, `macos` or `windows`.
 */
platform: string,
/**
 * Folder with the history and the settings.
 */
data_folder: string,
/**
 * Folder with the built-in models.
 */
models_folder: string,
/**
 * Where keys are kept.
 */
key_storage: KeyStorage, };

/**
 * A model that runs inside the app.
 */
export type BuiltinModel = {
/**
 * `quick`, `good`, or `file:` and a path for a file of the person's own.
 */
id: string,
/**
 * Its name.
 */
name: string,
/**
 * One plain sentence.
 */
about: string,
/**
 * Its licence, or empty for a file of the person's own.
 */
licence: string,
/**
 * Bytes on disk.
 */
size: number,
/**
 * Tokens of context.
 */
context_length?: number,
/**
 * The person's own file: it can be taken off the list, never deleted.
 */
own: boolean, } & ({ "state": "absent" } | { "state": "partial",
/**
 * Bytes that are here.
 */
bytes: number, } | { "state": "present" } | { "state": "broken",
/**
 * One sentence.
 */
reason: string, });

/**
 * A piece of a chat answer.
 */
export type ChatDelta = {
/**
 * The next words of the answer.
 */
text: string,
/**
 * The next words of the model's reasoning.
 */
reasoning: string, };

/**
 * What to say next, and how. A parameter that is `None` is left out of the request.
 */
export type ChatInput = {
/**
 * The model's id as the person picked it (`org/name`, with a `:suffix` for the router); empty means
 * the connection's own choice.
 */
model: string,
/**
 * The conversation. A last message of role `assistant` is to be continued.
 */
messages: Array<Message>,
/**
 * Tokens to write at most, from 1.
 */
max_tokens?: number,
/**
 * 0 (always the likeliest) to 2.
 */
temperature?: number,
/**
 * 0 to 1: choose among the likeliest tokens that add up to this. TGI refuses 0 and 1.
 */
top_p?: number,
/**
 * Choose among this many of the likeliest tokens. Not of OpenAI's protocol: sent as an extra key.
 */
top_k?: number,
/**
 * Over 1 makes repeated words less likely. Not of OpenAI's protocol: sent as an extra key.
 */
repetition_penalty?: number,
/**
 * -2 to 2: makes frequent words less likely.
 */
frequency_penalty?: number,
/**
 * -2 to 2: makes words that occurred less likely.
 */
presence_penalty?: number,
/**
 * Equal seeds give equal text where the server honours it.
 */
seed?: number,
/**
 * End before any of these; at most 4 at most servers.
 */
stop?: Array<string>,
/**
 * How many answers; patchy support.
 */
n?: number,
/**
 * Return log probabilities; patchy support.
 */
logprobs?: boolean,
/**
 * 0 to 5.
 */
top_logprobs?: number,
/**
 * Token id → bias, -100 to 100; patchy support.
 */
logit_bias?: JsonValue,
/**
 * `{type: "text" | "json_object" | "json_schema", json_schema?: {name, schema, strict?}}`.
 */
response_format?: JsonValue,
/**
 * `{type: "function", function: {name, description, parameters}}`.
 */
tools?: JsonValue,
/**
 * `auto`, `none`, `required` or a function.
 */
tool_choice?: JsonValue,
/**
 * TGI only.
 */
tool_prompt?: string,
/**
 * Stream the answer; `None` means yes.
 */
stream?: boolean,
/**
 * `{include_usage: true}`; `None` means yes where the provider is known to take it.
 */
stream_options?: JsonValue,
/**
 * Any other key, merged into the root of the request.
 */
extra_body?: Record<string, unknown>, };

/**
 * A whole chat answer.
 */
export type ChatOutput = {
/**
 * The answer.
 */
text: string,
/**
 * The model's reasoning, where it shows one.
 */
reasoning: string,
/**
 * Tools that the model wants called.
 */
tool_calls: Array<ToolCall>,
/**
 * Why it stopped; `None` when the server did not say.
 */
finish_reason?: FinishReason,
/**
 * Tokens, where the server counts them.
 */
usage?: Usage,
/**
 * Speed as the server measured it.
 */
timings?: Timings,
/**
 * The model that the server says answered.
 */
model?: string,
/**
 * The provider that answered.
 */
provider?: string, };

/**
 * A connection as the UI sees it: never with its key.
 */
export type Connection = {
/**
 * `builtin`, `hf`, or a UUID.
 */
id: string,
/**
 * What it reaches.
 */
kind: ConnectionKind,
/**
 * The person's name for it.
 */
name: string,
/**
 * A server's base URL.
 */
url?: string,
/**
 * Extra headers for a server.
 */
headers?: Array<Header>,
/**
 * Hugging Face: the organisation that pays.
 */
bill_to?: string,
/**
 * Whether a key is stored or found for it.
 */
has_key: boolean,
/**
 * Where that key was found, in plain words ("your keychain", "`HF_TOKEN`", …).
 */
key_source?: string, };

/**
 * The kinds of connection.
 */
export type ConnectionKind = "builtin" | "hugging_face" | "server";

/**
 * What a message says.
 */
export type Content = string | Array<Part>;

/**
 * A conversation with its open path.
 */
export type Conversation = {
/**
 * Its UUID.
 */
id: string,
/**
 * Its name: the first words, until the person gives one.
 */
title: string,
/**
 * Its system prompt; empty for none.
 */
system: string,
/**
 * The open path, first message first.
 */
messages: Array<TurnMessage>, };

/**
 * A conversation as a list shows it.
 */
export type ConversationSummary = {
/**
 * Its UUID.
 */
id: string,
/**
 * Its name.
 */
title: string,
/**
 * Last change, milliseconds since 1970 UTC.
 */
updated_at: number,
/**
 * Messages in it, all branches.
 */
messages: number, };

/**
 * Writes a message beside another, without a run (the person edits an answer).
 */
export type EditMessage = {
/**
 * The message whose sibling is made.
 */
message: string,
/**
 * Who speaks in it.
 */
role: Role,
/**
 * What it says.
 */
text: string, };

/**
 * What a person, the log and the UI need to know of a failure.
 */
export type Error = {
/**
 * What the UI acts on.
 */
code: ErrorCode,
/**
 * One sentence for the person at the screen, with the provider's own words where they help.
 */
message: string,
/**
 * HTTP status of the answer, where there was one.
 */
status?: number,
/**
 * Seconds the provider asks to wait.
 */
retry_after?: number,
/**
 * The provider's id of the request, for its support.
 */
request_id?: string,
/**
 * The provider that answered.
 */
provider?: string,
/**
 * The parameter or field that the provider complains about.
 */
field?: string,
/**
 * The technical cause, at most 2,000 characters, never a key: for "copy details" and the log.
 */
detail?: string, };

/**
 * What went wrong, as far as the app behaves differently for it.
 * A code is added only when the UI does something different for it.
 */
export type ErrorCode = "auth" | "credits" | "model" | "input" | "limit" | "loading" | "network" | "timeout" | "provider" | "format" | "incomplete" | "refused" | "offline" | "internal";

/**
 * What happens while a model is fetched or verified. `done`, `failed` or `cancelled` ends it.
 */
export type FetchEvent = { "kind": "progress",
/**
 * Bytes that are here (or checked).
 */
bytes: number,
/**
 * Bytes in all.
 */
total: number, } | { "kind": "done" } | { "kind": "failed",
/**
 * What the UI acts on.
 */
code: ErrorCode,
/**
 * One sentence for the person at the screen, with the provider's own words where they help.
 */
message: string,
/**
 * HTTP status of the answer, where there was one.
 */
status?: number,
/**
 * Seconds the provider asks to wait.
 */
retry_after?: number,
/**
 * The provider's id of the request, for its support.
 */
request_id?: string,
/**
 * The provider that answered.
 */
provider?: string,
/**
 * The parameter or field that the provider complains about.
 */
field?: string,
/**
 * The technical cause, at most 2,000 characters, never a key: for "copy details" and the log.
 */
detail?: string, } | { "kind": "cancelled" };

/**
 * What was measured of a run. Times in milliseconds from the start of the run.
 */
export type Figures = {
/**
 * To the first delta, loading the model included.
 */
first_token_ms?: number,
/**
 * To the ending.
 */
total_ms?: number,
/**
 * Answer tokens a second, after the first; the engine's own figure where it gives one.
 */
tokens_per_second?: number,
/**
 * Tokens of the prompt, as counted by the server.
 */
prompt_tokens?: number,
/**
 * Tokens of the answer: the server's count, else deltas received so far (then `estimated`).
 */
completion_tokens?: number,
/**
 * `completion_tokens` is our own count of deltas.
 */
estimated: boolean,
/**
 * US dollars, where the price is known.
 */
cost_usd?: number, };

/**
 * A path to a file of the person's own.
 */
export type File = {
/**
 * Absolute path.
 */
path: string, };

/**
 * Why the model stopped.
 */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | string;

/**
 * A header that is sent to a server with each request.
 */
export type Header = {
/**
 * Its name.
 */
name: string,
/**
 * Its value; not for keys (a key belongs in the keychain).
 */
value: string, };

/**
 * One thing by its id.
 */
export type Id = {
/**
 * The id.
 */
id: string, };

/**
 * Several things by their ids.
 */
export type Ids = {
/**
 * The ids.
 */
ids: Array<string>, };

/**
 * The URL of a picture: `https:` or `data:`.
 */
export type ImageUrl = {
/**
 * `https:` or `data:image/…;base64,…`.
 */
url: string, };

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/**
 * Where keys are kept on this machine.
 */
export type KeyStorage = "keychain" | "file" | "memory";

/**
 * Which models to list.
 */
export type ListModels = {
/**
 * The connection.
 */
connection: string,
/**
 * Only models for this task (`chat_completion`, `text_generation`).
 */
task: string,
/**
 * Ask again, past the cache of ten minutes.
 */
refresh: boolean, };

/**
 * Which runs to list, newest first.
 */
export type ListRuns = {
/**
 * Words to find in prompts, answers and models; empty lists all.
 */
query: string,
/**
 * Only this task.
 */
task?: string,
/**
 * Only this state.
 */
state?: RunState,
/**
 * `next` of the page before.
 */
cursor?: string,
/**
 * 1 to 200; 0 means 50.
 */
limit: number, };

/**
 * One message of a conversation.
 */
export type Message = {
/**
 * Who speaks.
 */
role: Role,
/**
 * What is said.
 */
content: Content,
/**
 * A name for the speaker, where the model tells several apart.
 */
name?: string,
/**
 * For role `tool`: which call this answers.
 */
tool_call_id?: string, };

/**
 * A model that can be picked.
 */
export type ModelRow = {
/**
 * Its id on the wire.
 */
id: string,
/**
 * How a person knows it.
 */
name: string,
/**
 * One plain sentence, where there is one.
 */
about?: string,
/**
 * Tasks it can do here.
 */
tasks: Array<string>,
/**
 * The largest context any provider offers.
 */
context_length?: number,
/**
 * It sees pictures.
 */
vision: boolean,
/**
 * It is ready to answer (a built-in model that is not yet here is not).
 */
ready: boolean,
/**
 * Who serves it; empty for built-in models and servers.
 */
providers: Array<ProviderRow>, };

/**
 * No arguments, or nothing to say.
 */
export type Nothing = Record<symbol, never>;

/**
 * One part of a message that is more than text.
 */
export type Part = { "type": "text",
/**
 * The words.
 */
text: string, } | { "type": "image_url",
/**
 * Where it is.
 */
image_url: ImageUrl, };

/**
 * A provider that serves a model.
 */
export type ProviderRow = {
/**
 * Its name on the wire.
 */
name: string,
/**
 * It passed its last health check.
 */
live: boolean,
/**
 * Tokens of context.
 */
context_length?: number,
/**
 * US dollars for a million tokens of prompt.
 */
input_price?: number,
/**
 * US dollars for a million tokens of answer.
 */
output_price?: number,
/**
 * Tokens a second, as the router measured it.
 */
throughput?: number,
/**
 * Milliseconds to the first token, as the router measured it.
 */
first_token_latency_ms?: number,
/**
 * It takes tools.
 */
tools: boolean,
/**
 * It takes a JSON schema.
 */
structured_output: boolean, };

/**
 * Who speaks.
 */
export type Role = "system" | "developer" | "user" | "assistant" | "tool";

/**
 * One run as it is kept.
 */
export type Run = {
/**
 * Its UUID.
 */
id: string,
/**
 * Where it stands.
 */
state: RunState,
/**
 * When it was started, milliseconds since 1970 UTC.
 */
created_at: number,
/**
 * Id of the connection it ran on (which may be gone by now).
 */
connection: string,
/**
 * That connection's name at the time.
 */
connection_name: string,
/**
 * The provider asked for (`fastest`, a name) or, once known, the one that answered.
 */
provider?: string,
/**
 * The model that answers, as a person knows it.
 */
model: string,
/**
 * What was asked.
 */
input: RunInput,
/**
 * What came.
 */
output: RunOutput,
/**
 * Why it failed.
 */
error?: Error,
/**
 * What was measured.
 */
figures: Figures,
/**
 * The conversation it belongs to.
 */
conversation?: string, };

/**
 * A piece of a run's answer, by task.
 */
export type RunDelta = { "task": "chat_completion" } & ChatDelta | { "task": "text_generation" } & TextDelta;

/**
 * What happens in a run, in order. After `done`, `failed` or `cancelled` nothing follows.
 */
export type RunEvent = { "kind": "started",
/**
 * The conversation it belongs to (made now, where the turn asked for a new one).
 */
conversation?: string,
/**
 * The person's message of this turn.
 */
user_message?: string,
/**
 * The answer's message.
 */
assistant_message?: string, } | { "kind": "status",
/**
 * The status.
 */
status: Status, } | { "kind": "delta",
/**
 * The piece.
 */
delta: RunDelta,
/**
 * Bytes of answer text (not reasoning) before this piece: a watcher that joined late can check that
 * it missed nothing.
 */
offset: number,
/**
 * Figures so far.
 */
figures: Figures, } | { "kind": "done",
/**
 * The whole answer.
 */
output: RunOutput,
/**
 * What was measured.
 */
figures: Figures, } | { "kind": "failed",
/**
 * What had come.
 */
output: RunOutput,
/**
 * What was measured.
 */
figures: Figures,
/**
 * What the UI acts on.
 */
code: ErrorCode,
/**
 * One sentence for the person at the screen, with the provider's own words where they help.
 */
message: string,
/**
 * HTTP status of the answer, where there was one.
 */
status?: number,
/**
 * Seconds the provider asks to wait.
 */
retry_after?: number,
/**
 * The provider's id of the request, for its support.
 */
request_id?: string,
/**
 * The provider that answered.
 */
provider?: string,
/**
 * The parameter or field that the provider complains about.
 */
field?: string,
/**
 * The technical cause, at most 2,000 characters, never a key: for "copy details" and the log.
 */
detail?: string, } | { "kind": "cancelled",
/**
 * What had come.
 */
output: RunOutput,
/**
 * What was measured.
 */
figures: Figures, };

/**
 * What a run asks for, by task.
 */
export type RunInput = { "task": "chat_completion" } & ChatInput | { "task": "text_generation" } & TextInput;

/**
 * A run's answer, by task. After a Stop, a failure or a crash it holds what had come.
 */
export type RunOutput = { "task": "chat_completion" } & ChatOutput | { "task": "text_generation" } & TextOutput;

/**
 * A page of History.
 */
export type RunPage = {
/**
 * Newest first.
 */
runs: Array<RunSummary>,
/**
 * All runs that match.
 */
total: number,
/**
 * Cursor of the next page; `None` at the end.
 */
next?: string, };

/**
 * Where a run stands.
 */
export type RunState = "running" | "done" | "failed" | "cancelled" | "interrupted";

/**
 * A run as the History list shows it.
 */
export type RunSummary = {
/**
 * Its UUID.
 */
id: string,
/**
 * `chat_completion` or `text_generation`.
 */
task: string,
/**
 * Where it stands.
 */
state: RunState,
/**
 * Milliseconds since 1970 UTC.
 */
created_at: number,
/**
 * The connection's name.
 */
connection_name: string,
/**
 * The provider.
 */
provider?: string,
/**
 * The model.
 */
model: string,
/**
 * The prompt, at most 200 characters.
 */
prompt: string,
/**
 * The answer, at most 200 characters; with a search, the part around the hit.
 */
answer: string,
/**
 * The error's sentence.
 */
error?: string,
/**
 * The conversation it belongs to.
 */
conversation?: string, };

/**
 * A connection to be made or changed.
 */
export type SaveConnection = {
/**
 * `None` makes a new server connection.
 */
id?: string,
/**
 * The person's name for it; empty takes the host's.
 */
name: string,
/**
 * Base URL of a server: `http` or `https`.
 */
url?: string,
/**
 * Extra headers for a server.
 */
headers: Array<Header>,
/**
 * Hugging Face: the organisation that pays.
 */
bill_to?: string, };

/**
 * Stores a key for a connection's origin. It is read from the UI's call and never written anywhere else.
 */
export type SetKey = {
/**
 * The connection.
 */
connection: string,
/**
 * The key; surrounding white space is dropped.
 */
key: string,
/**
 * Where no keychain works: the person agrees to a file that only they can read; else it is kept until the
 * app closes.
 */
allow_file: boolean, };

/**
 * Text for a thing: a title, a system prompt.
 */
export type SetText = {
/**
 * The thing's id.
 */
id: string,
/**
 * The text.
 */
text: string, };

/**
 * What the person has set. Missing fields take their defaults, unknown ones are kept by the store.
 */
export type Settings = {
/**
 * Colours.
 */
theme: Theme,
/**
 * Words for a screen reader.
 */
announce: Announce,
/**
 * No request leaves this machine; enforced in Rust. Servers on this machine (loopback) stay reachable.
 */
offline: boolean,
/**
 * `http:`, `https:` or `socks5:` URL; `None` takes the environment's.
 */
proxy?: string,
/**
 * PEM file with further certificate authorities to trust.
 */
ca_file?: string,
/**
 * Show answers as formatted text.
 */
markdown: boolean,
/**
 * What the UI itself remembers: open tab, sizes, drafts, parameters. Its shape is the UI's own.
 */
ui: Record<string, unknown>, };

/**
 * Starts a run. The UI names it, so that it can stop it before the first event.
 */
export type StartRun = {
/**
 * A fresh UUID, made by the caller.
 */
id: string,
/**
 * Which connection; `builtin` always exists.
 */
connection: string,
/**
 * `fastest`, `cheapest`, `preferred`, a provider's name, or `None` for the connection's own choice.
 */
provider?: string,
/**
 * What is asked. For a chat with a `turn` its `messages` are filled in from the conversation.
 */
input: RunInput,
/**
 * Where the answer belongs in a conversation; `None` for a run of its own.
 */
turn?: Turn,
/**
 * Seconds for all of it; then the run fails with `timeout`, and what came is kept.
 */
deadline?: number, };

/**
 * Where a task stands before or between its deltas.
 */
export type Status = { "state": "queued",
/**
 * Tasks before this one, where that is known.
 */
position?: number, } | { "state": "loading",
/**
 * The part that is done, 0 to 1, where that is known.
 */
fraction?: number,
/**
 * The server's own guess in seconds; unreliable.
 */
estimated_time?: number, } | { "state": "reading",
/**
 * Tokens of the prompt that are read.
 */
tokens: number,
/**
 * Tokens of the prompt.
 */
total: number, } | { "state": "sent",
/**
 * Which provider was asked, where that is known.
 */
provider?: string, } | { "state": "step",
/**
 * Steps done.
 */
step: number,
/**
 * Steps in all.
 */
total: number, } | { "state": "retrying",
/**
 * Seconds until the next try.
 */
after: number,
/**
 * The number of the coming try, from 2.
 */
attempt: number,
/**
 * Why the last try failed, one sentence.
 */
reason: string, } | { "state": "note",
/**
 * One sentence.
 */
text: string, };

/**
 * What a Test button found.
 */
export type TestReport = {
/**
 * One sentence: "llama.cpp server, 1 model, answers in 3 ms".
 */
summary: string,
/**
 * More lines: account, plan, organisations, version, models.
 */
details: Array<string>,
/**
 * Organisations that could pay (Hugging Face).
 */
organisations: Array<string>,
/**
 * How long the test took, milliseconds.
 */
ms: number, };

/**
 * A piece of a continuation.
 */
export type TextDelta = {
/**
 * The next words.
 */
text: string, };

/**
 * A prompt and how to go on from it. A parameter that is `None` is left out of the request.
 */
export type TextInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The raw prompt; no chat template is applied.
 */
prompt: string,
/**
 * Tokens to write at most, from 1.
 */
max_new_tokens?: number,
/**
 * TGI wants over 0; 0 is sent as "no sampling" where that exists.
 */
temperature?: number,
/**
 * 0 < p < 1 at TGI.
 */
top_p?: number,
/**
 * From 1.
 */
top_k?: number,
/**
 * 0 < p < 1 at TGI.
 */
typical_p?: number,
/**
 * Over 1 makes repeated words less likely.
 */
repetition_penalty?: number,
/**
 * -2 to 2.
 */
frequency_penalty?: number,
/**
 * Off: always the likeliest token.
 */
do_sample?: boolean,
/**
 * Best of this many; needs sampling, never with streaming.
 */
best_of?: number,
/**
 * Equal seeds give equal text where the server honours it.
 */
seed?: number,
/**
 * End before any of these; at most 4 at most servers.
 */
stop?: Array<string>,
/**
 * Answer with the prompt before the continuation.
 */
return_full_text?: boolean,
/**
 * Keep only this many tokens of the prompt's end.
 */
truncate?: number,
/**
 * TGI's watermark.
 */
watermark?: boolean,
/**
 * TGI: send token details.
 */
details?: boolean,
/**
 * TGI: details of the prompt's tokens; never with streaming.
 */
decoder_input_details?: boolean,
/**
 * TGI: the likeliest alternatives per token, at most 5.
 */
top_n_tokens?: number,
/**
 * TGI: `{type: "json" | "regex" | "json_schema", value}`.
 */
grammar?: JsonValue,
/**
 * TGI: a LoRA adapter's id.
 */
adapter_id?: string,
/**
 * Stream the answer; `None` means yes.
 */
stream?: boolean,
/**
 * Any other key: into `parameters` of the TGI form, into the root of the OpenAI form.
 */
extra_body?: Record<string, unknown>, };

/**
 * A whole continuation.
 */
export type TextOutput = {
/**
 * The continuation, after the prompt where `return_full_text` asked for that.
 */
text: string,
/**
 * Why it stopped; `None` when the server did not say.
 */
finish_reason?: FinishReason,
/**
 * Tokens, where the server counts them.
 */
usage?: Usage,
/**
 * Speed as the server measured it.
 */
timings?: Timings,
/**
 * The model that the server says answered.
 */
model?: string,
/**
 * The provider that answered.
 */
provider?: string, };

/**
 * Colours of the window.
 */
export type Theme = "system" | "light" | "dark";

/**
 * Speed as the engine itself measured it.
 */
export type Timings = {
/**
 * Prompt tokens read in a second.
 */
prompt_per_second?: number,
/**
 * Answer tokens written in a second.
 */
predicted_per_second?: number, };

/**
 * A tool that the model wants called.
 */
export type ToolCall = {
/**
 * The call's id, to be sent back with the result.
 */
id: string,
/**
 * The function and its arguments.
 */
function: ToolFunction, };

/**
 * The function that a tool call names.
 */
export type ToolFunction = {
/**
 * Name of the function.
 */
name: string,
/**
 * Its arguments as JSON text, as the model wrote them.
 */
arguments: string, };

/**
 * Where a run's answer belongs in a conversation.
 */
export type Turn = {
/**
 * The conversation; `None` begins a new one.
 */
conversation?: string,
/**
 * System prompt of a new conversation (an existing one is changed by `set_system`).
 */
system?: string,
/**
 * The message that this turn follows; `None` for the first of the conversation.
 */
parent?: string,
/**
 * What the person says. `None` asks for another answer to `parent`, which is then a user's message
 * (regenerate), or for more of `parent`, which is then an assistant's message (continue).
 */
text?: string, };

/**
 * One message on the open path of a conversation.
 */
export type TurnMessage = {
/**
 * Its UUID.
 */
id: string,
/**
 * The message before it.
 */
parent?: string,
/**
 * `user` or `assistant`.
 */
role: Role,
/**
 * What is said.
 */
text: string,
/**
 * The model's reasoning.
 */
reasoning?: string,
/**
 * Milliseconds since 1970 UTC.
 */
created_at: number,
/**
 * Ids of the messages with the same parent and role, itself included, oldest first.
 */
siblings: Array<string>,
/**
 * The run that wrote it.
 */
run?: string,
/**
 * Where that run stands.
 */
state?: RunState,
/**
 * Why it failed.
 */
error?: Error,
/**
 * The model that wrote it.
 */
model?: string,
/**
 * The provider that answered.
 */
provider?: string,
/**
 * The connection's name.
 */
connection_name?: string,
/**
 * What was measured.
 */
figures?: Figures, };

/**
 * Tokens counted by the model's server.
 */
export type Usage = {
/**
 * Tokens of the prompt.
 */
prompt_tokens: number,
/**
 * Tokens of the answer.
 */
completion_tokens: number, };

/** Commands that answer once. */
export interface Commands {
  /** What the app is and where its files lie. */
  app_info: { args: Nothing; reply: AppInfo };
  /** All settings. */
  settings: { args: Nothing; reply: Settings };
  /** Stores all settings. */
  set_settings: { args: Settings; reply: Nothing };
  /** All connections, Built-in first. */
  connections: { args: Nothing; reply: Array<Connection> };
  /** Makes or changes a connection. */
  save_connection: { args: SaveConnection; reply: Connection };
  /** Forgets a server connection and its key. */
  remove_connection: { args: Id; reply: Nothing };
  /** Says what a connection finds. */
  test_connection: { args: Id; reply: TestReport };
  /** Keeps a key for a connection's origin; says where. */
  set_key: { args: SetKey; reply: Connection };
  /** Forgets a connection's key. */
  forget_key: { args: Id; reply: Connection };
  /** Models that a connection offers for a task. */
  models: { args: ListModels; reply: Array<ModelRow> };
  /** Models that run inside the app. */
  builtin_models: { args: Nothing; reply: Array<BuiltinModel> };
  /** Deletes a fetched model, or takes the person's own file off the list. */
  remove_model: { args: Id; reply: Nothing };
  /** Adds a GGUF file of the person's own. */
  add_model: { args: File; reply: BuiltinModel };
  /** Stops fetching or verifying a model. */
  stop_fetch: { args: Id; reply: Nothing };
  /** Stops a run; what came is kept. Never an error. */
  stop_run: { args: Id; reply: Nothing };
  /** One run. */
  run: { args: Id; reply: Run };
  /** A page of History. */
  runs: { args: ListRuns; reply: RunPage };
  /** Deletes runs; `restore_runs` undoes it until the app closes. */
  delete_runs: { args: Ids; reply: Nothing };
  /** Undoes `delete_runs`. */
  restore_runs: { args: Ids; reply: Nothing };
  /** All conversations, newest first. */
  conversations: { args: Nothing; reply: Array<ConversationSummary> };
  /** One conversation with its open path. */
  conversation: { args: Id; reply: Conversation };
  /** Names a conversation. */
  set_title: { args: SetText; reply: Nothing };
  /** Sets a conversation's system prompt. */
  set_system: { args: SetText; reply: Nothing };
  /** Opens the path that leads through this message to its newest end. */
  open_branch: { args: Id; reply: Conversation };
  /** Writes a message beside another. */
  edit_message: { args: EditMessage; reply: Conversation };
  /** Deletes a conversation with its runs; `restore_conversation` undoes it until the app closes. */
  delete_conversation: { args: Id; reply: Nothing };
  /** Undoes `delete_conversation`. */
  restore_conversation: { args: Id; reply: Nothing };
}

/** Commands that answer with events. */
export interface Streams {
  /** Starts a run: stored first, then sent. */
  start_run: { args: StartRun; event: RunEvent };
  /** Follows a run that is under way (after a reload of the page): first one delta with all that came, then what comes. A run that has ended gives its ending at once. */
  watch_run: { args: Id; event: RunEvent };
  /** Fetches a built-in model. */
  fetch_model: { args: Id; event: FetchEvent };
  /** Checks a model's hash. */
  verify_model: { args: Id; event: FetchEvent };
}
