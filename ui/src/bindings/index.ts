// Generated from the Rust types; run `cargo xtask bindings`, never edit.

/**
 * The account behind the Hugging Face connection.
 */
export type Account = {
/**
 * Who it is, what they pay, what the token may do.
 */
who: WhoAmI,
/**
 * Where the token was found.
 */
source: string,
/**
 * How fresh this is.
 */
age: Age, };

/**
 * A picture's address.
 */
export type Address = {
/**
 * `media:` and the name of a file.
 */
address: string, };

/**
 * How fresh an answer of the Hub is.
 */
export type Age = {
/**
 * When the Hub gave it, milliseconds since 1970 UTC.
 */
at: number,
/**
 * One sentence when the Hub could not be asked anew: why, and how old this is.
 */
note?: string, };

/**
 * How the pieces of a word become one entity.
 */
export type AggregationStrategy = "none" | "simple" | "first" | "average" | "max";

/**
 * What a screen reader is told while an answer streams.
 */
export type Announce = "off" | "finish" | "sentences";

/**
 * What happens where an answer may be there already.
 */
export type Answers = "ask" | "keep" | "new";

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
 * The sound that came.
 */
export type AudioOutput = {
/**
 * The sound as the server made it; in JSON a `data:` URI, for a window the `media:` address of a file.
 */
audio: string,
/**
 * What is said when, where the voice tells: the built-in ones do.
 */
captions?: Array<Caption>, };

/**
 * One way to Bark.
 */
export type BarkRoute = {
/**
 * `provider`, `space`, `replicate`, `endpoint` or `server`.
 */
route: string,
/**
 * Its name on screen.
 */
title: string,
/**
 * It can be tried now.
 */
available: boolean,
/**
 * Why, or why not: one sentence.
 */
why: string,
/**
 * What to do to open it, or before trying it; one sentence.
 */
next_step?: string,
/**
 * The connection to use, where there is one.
 */
connection?: string,
/**
 * The provider to name, where there is one.
 */
provider?: string, };

/**
 * Where a thing is, in pixels from the picture's top left corner.
 */
export type BoundingBox = {
/**
 * The left edge.
 */
xmin: number,
/**
 * The upper edge.
 */
ymin: number,
/**
 * The right edge.
 */
xmax: number,
/**
 * The lower edge.
 */
ymax: number, };

/**
 * A model that runs inside the app.
 */
export type BuiltinModel = {
/**
 * `quick`, `good`, `kokoro`, or `file:` and a path for a file of the person's own.
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
 * What it can do: `chat_completion`, `text_generation`, `text_to_speech`.
 */
tasks: Array<string>,
/**
 * Its licence, or empty for a file of the person's own.
 */
licence: string,
/**
 * Bytes on disk, all its files together, with those of the models that it needs and that are not here.
 */
size: number,
/**
 * Tokens of context; a voice has none.
 */
context_length?: number,
/**
 * The person's own file: it can be taken off the list, never deleted.
 */
own: boolean,
/**
 * Whether it can be removed (or taken off the list): not what was installed with Limerick.
 */
removable: boolean, } & ({ "state": "absent" } | { "state": "partial",
/**
 * Bytes that are here.
 */
bytes: number, } | { "state": "present" } | { "state": "broken",
/**
 * One sentence.
 */
reason: string, });

/**
 * Who had an answer already.
 */
export type Cached = { "by": "history",
/**
 * That run.
 */
run: string, } | { "by": "server" };

/**
 * One sentence and where it lies in the sound.
 */
export type Caption = {
/**
 * What is said, as it was written.
 */
text: string,
/**
 * Seconds from the start of the sound.
 */
start: number,
/**
 * Seconds from the start of the sound, its closing pause left out.
 */
end: number, };

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
 * What a CSV or JSONL file holds.
 */
export type Columns = {
/**
 * Names of its columns.
 */
columns: Array<string>,
/**
 * Lines that hold something.
 */
rows: number,
/**
 * Its first three lines, as they stand.
 */
sample: Array<Record<string, string>>, };

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
 * A Space's id (`owner/name`) or address, as typed.
 */
space?: string,
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
export type ConnectionKind = "builtin" | "hugging_face" | "server" | "space";

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
 * What a conversation is about.
 */
export type ConversationKind = "text" | "vision";

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
messages: number,
/**
 * Its first picture, as a `media:` address.
 */
picture?: string, };

/**
 * Which model to describe.
 */
export type DescribeModel = {
/**
 * `org/name`.
 */
model: string,
/**
 * Ask again, past the cache of ten minutes.
 */
refresh: boolean, };

/**
 * A thing on a picture.
 */
export type DetectedObject = {
/**
 * What it is.
 */
label: string,
/**
 * How sure the model is, 0 to 1.
 */
score: number,
/**
 * Where it is.
 */
box: BoundingBox, };

/**
 * Writes a message beside another, without a run (the person edits an answer); it keeps its pictures.
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
 * Writes an answer in place of the model's.
 */
export type EditRow = {
/**
 * The table.
 */
id: string,
/**
 * The row.
 */
place: number,
/**
 * What it says; null takes the model's answer again.
 */
text: string | null, };

/**
 * How numbers come over the wire.
 */
export type EncodingFormat = "float" | "base64";

/**
 * A marked stretch of the text.
 */
export type Entity = {
/**
 * The label of one token.
 */
entity?: string,
/**
 * The label of one or more tokens put together.
 */
entity_group?: string,
/**
 * How sure the model is, 0 to 1.
 */
score: number,
/**
 * The text as the model's tokenizer writes it.
 */
word: string,
/**
 * Where it begins, in characters; slow tokenizers do not know.
 */
start?: number,
/**
 * Where it ends, in characters; slow tokenizers do not know.
 */
end?: number, };

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
 * Another provider that serves the same model, for the person to choose; nothing was sent there.
 */
next_provider?: string,
/**
 * The page on which the person can do what is missing, such as a gated model's own.
 */
page?: string,
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
export type ErrorCode = "auth" | "gated" | "credits" | "model" | "input" | "limit" | "loading" | "network" | "timeout" | "provider" | "format" | "incomplete" | "refused" | "offline" | "disk" | "internal";

/**
 * One request and its answer, with all secrets masked.
 */
export type Exchange = {
/**
 * `GET`, `POST`, `PUT`.
 */
method: string,
/**
 * The address; secrets in its query are masked.
 */
url: string,
/**
 * What went out.
 */
request: Sheet,
/**
 * The status of the answer; `None` when none came.
 */
status?: number,
/**
 * What came back.
 */
response: Sheet,
/**
 * Milliseconds from sending to the head of the answer.
 */
head_ms?: number,
/**
 * Milliseconds from sending to the end of the answer.
 */
total_ms: number,
/**
 * Why no answer came, or why it broke off.
 */
error?: string, };

/**
 * How the files of an export lie.
 */
export type ExportForm = "folder" | "zip";

/**
 * Exports runs.
 */
export type ExportRuns = {
/**
 * Which, in the order of the JSONL.
 */
ids: Array<string>,
/**
 * Where to, as picked in a dialog: the parent of the folder, or the zip file.
 */
path: string,
/**
 * How.
 */
form: ExportForm, };

/**
 * Writes a table to a file.
 */
export type ExportTable = {
/**
 * Which.
 */
id: string,
/**
 * A CSV, a JSONL, or a .txt beside each picture.
 */
form: "csv" | "jsonl" | "sidecar",
/**
 * Where to, as picked in a dialog: the file; for .txt files the folder that they may be written in (without it,
 * the table's own).
 */
path?: string,
/**
 * Whether .txt files that are there already are replaced; otherwise they are left and counted.
 */
replace?: boolean, };

/**
 * What an export wrote.
 */
export type Exported = {
/**
 * The folder or file that was written.
 */
path: string,
/**
 * Runs in it.
 */
runs: number,
/**
 * Pictures and sounds in it.
 */
files: number,
/**
 * Pictures and sounds whose file was gone.
 */
missing: number, };

/**
 * Texts to embed. A parameter that is `None` is left out of the request.
 */
export type FeatureExtractionInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The text, or several.
 */
text: Texts,
/**
 * Whether embeddings have the length 1.
 */
normalize?: boolean,
/**
 * The name of the model's own prompt to put before each text (`query`, `document`, …).
 */
prompt_name?: string,
/**
 * Whether a text that is too long is cut.
 */
truncate?: boolean,
/**
 * The end that is cut.
 */
truncation_direction?: TruncationDirection,
/**
 * Numbers in an embedding, from 1; models that were trained for it only.
 */
dimensions?: number,
/**
 * How the numbers come over the wire.
 */
encoding_format?: EncodingFormat,
/**
 * Any other key, merged into the root of the request.
 */
extra_body: Record<string, unknown>, };

/**
 * The embeddings.
 */
export type FeatureExtractionOutput = {
/**
 * For each text, in their order: its numbers.
 */
embeddings: Array<Array<number>>,
/**
 * The server sent one embedding a token; each text has their average.
 */
averaged: boolean,
/**
 * Tokens, where the server counts them.
 */
usage?: Usage, };

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
 * Another provider that serves the same model, for the person to choose; nothing was sent there.
 */
next_provider?: string,
/**
 * The page on which the person can do what is missing, such as a gated model's own.
 */
page?: string,
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
 * To the first delta, loading the model included; of a voice, to the first sound.
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
cost_usd?: number,
/**
 * Who had the answer already; none where it was made for this run.
 */
cached?: Cached, };

/**
 * A path to a file of the person's own.
 */
export type File = {
/**
 * Absolute path.
 */
path: string, };

/**
 * A text with one gap or several. A parameter that is `None` is left out of the request.
 */
export type FillMaskInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The text; a gap is written as the model's mask token (`[MASK]`, `<mask>`, …).
 */
text: string,
/**
 * Choose among these words only.
 */
targets: Array<string>,
/**
 * Words for each gap at most, from 1.
 */
top_k?: number,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * What fits, gap by gap.
 */
export type FillMaskOutput = {
/**
 * For each gap in the order of the text: its words, the likeliest first.
 */
masks: Array<Array<MaskFilling>>, };

/**
 * What can be chosen in the filters of History.
 */
export type FilterChoices = {
/**
 * Models that runs were made with, the most used first.
 */
models: Array<string>,
/**
 * Providers, else connections, that answered, the most used first.
 */
providers: Array<string>,
/**
 * Tags, in alphabetical order.
 */
tags: Array<string>, };

/**
 * Why the model stopped.
 */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | string;

/**
 * Models that were found.
 */
export type FoundModels = {
/**
 * The models, in order.
 */
models: Array<ModelHit>,
/**
 * Where the next page is.
 */
next?: string,
/**
 * How fresh this is.
 */
age: Age, };

/**
 * A token that another program keeps. What it is stays in Rust.
 */
export type FoundToken = {
/**
 * For `use_token`.
 */
id: string,
/**
 * Where it lies: `HF_TOKEN`, `~/.cache/huggingface/token`, …
 */
place: string,
/**
 * It is the one that the Hugging Face connection uses now.
 */
in_use: boolean, };

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
 * A picture to put into classes. A parameter that is `None` is left out of the request.
 */
export type ImageClassificationInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The picture.
 */
image: string,
/**
 * How the scores are made of what the model gives.
 */
function_to_apply?: OutputTransform,
/**
 * Labels at most, from 1.
 */
top_k?: number,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * What a picture looks like so far: only of a model that shows it, and kept by nobody.
 */
export type ImageDelta = {
/**
 * A small picture in place of the one before, always as a `data:` URI.
 */
preview: string, };

/**
 * The pictures that came.
 */
export type ImageOutput = {
/**
 * The pictures, at least one; in JSON as `data:` URIs, for a window as `media:` addresses of files.
 */
images: string[],
/**
 * The seed that was used, where the provider tells it.
 */
seed?: number,
/**
 * Whether the provider's filter struck: such pictures come black or blurred.
 */
filtered: boolean, };

/**
 * What to change, and how. A parameter that is `None` is left out of the request.
 */
export type ImageToImageInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The picture to begin with; a `data:` URI in JSON, or the `media:` address of a file.
 */
image: string,
/**
 * What to make of it.
 */
prompt?: string,
/**
 * What the picture must not show.
 */
negative_prompt?: string,
/**
 * Steps of denoising, from 1: more is finer and slower.
 */
num_inference_steps?: number,
/**
 * From 0: how closely the picture follows the prompt.
 */
guidance_scale?: number,
/**
 * The size of the new picture; at some providers and models only.
 */
target_size?: TargetSize,
/**
 * Any other parameter of the provider, such as `strength` and `seed`.
 */
extra_body?: Record<string, unknown>, };

/**
 * A picture to describe or read. A parameter that is `None` is left out of the request.
 */
export type ImageToTextInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The picture.
 */
image: string,
/**
 * Tokens to write at most, from 1.
 */
max_new_tokens?: number,
/**
 * How the text is generated: `temperature`, `top_p`, `num_beams`, … as the model's library names them.
 */
generation_parameters: Record<string, unknown>,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * What the model read or saw.
 */
export type ImageToTextOutput = {
/**
 * The description, or the text on the picture; often Markdown.
 */
generated_text: string, };

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
 * A label and its score.
 */
export type Label = {
/**
 * The class's name.
 */
label: string,
/**
 * How sure the model is: 0 to 1, unless the transform is `none`.
 */
score: number, };

/**
 * Labels, the surest first.
 */
export type Labels = {
/**
 * The labels.
 */
labels: Array<Label>, };

/**
 * A language, and the library used in it.
 */
export type Language = "curl" | "python" | "python_openai" | "javascript" | "cli";

/**
 * Which conversations to list.
 */
export type ListConversations = {
/**
 * Of which kind.
 */
kind: ConversationKind, };

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
 * Which pictures to list, newest first.
 */
export type ListPictures = {
/**
 * Pixels in all, at least.
 */
min_pixels?: number,
/**
 * Pixels in all, at most.
 */
max_pixels?: number,
/**
 * How many to pass over.
 */
offset: number,
/**
 * 1 to 500; 0 means 100.
 */
limit: number,
/**
 * Words to find in prompts, answers, models and notes; empty lists all.
 */
query: string,
/**
 * `query` is compared by its meaning, not by its words: nearest first, at most 100, no further page.
 */
by_meaning?: boolean,
/**
 * Only this task.
 */
task?: string,
/**
 * Only runs that were asked about a picture, or only the others.
 */
sees?: boolean,
/**
 * Only this state.
 */
state?: RunState,
/**
 * Only this model, as a person knows it.
 */
model?: string,
/**
 * Only this provider; for a run that has none, its connection's name.
 */
provider?: string,
/**
 * Not before, milliseconds since 1970 UTC.
 */
since?: number,
/**
 * Before, milliseconds since 1970 UTC.
 */
until?: number,
/**
 * Only with this tag.
 */
tag?: string,
/**
 * Only what was asked for together.
 */
batch?: string,
/**
 * Only starred ones.
 */
favourite?: boolean, };

/**
 * Which rows to show.
 */
export type ListRows = {
/**
 * Of which table.
 */
id: string,
/**
 * How many to pass over.
 */
offset: number,
/**
 * 1 to 500; 0 means 100.
 */
limit: number,
/**
 * Only rows that stand so.
 */
state?: RowState, };

/**
 * Which runs to list, newest first.
 */
export type ListRuns = {
/**
 * `next` of the page before.
 */
cursor?: string,
/**
 * 1 to 200; 0 means 50.
 */
limit: number,
/**
 * Words to find in prompts, answers, models and notes; empty lists all.
 */
query: string,
/**
 * `query` is compared by its meaning, not by its words: nearest first, at most 100, no further page.
 */
by_meaning?: boolean,
/**
 * Only this task.
 */
task?: string,
/**
 * Only runs that were asked about a picture, or only the others.
 */
sees?: boolean,
/**
 * Only this state.
 */
state?: RunState,
/**
 * Only this model, as a person knows it.
 */
model?: string,
/**
 * Only this provider; for a run that has none, its connection's name.
 */
provider?: string,
/**
 * Not before, milliseconds since 1970 UTC.
 */
since?: number,
/**
 * Before, milliseconds since 1970 UTC.
 */
until?: number,
/**
 * Only with this tag.
 */
tag?: string,
/**
 * Only what was asked for together.
 */
batch?: string,
/**
 * Only starred ones.
 */
favourite?: boolean, };

/**
 * Whose voices to list.
 */
export type ListVoices = {
/**
 * The connection.
 */
connection: string,
/**
 * The model, as it is picked for a run.
 */
model: string, };

/**
 * Whether to ask again.
 */
export type Look = {
/**
 * Ask again, past the cache.
 */
refresh: boolean, };

/**
 * Which shape to draw.
 */
export type MakePeaks = {
/**
 * `media:` and the name of a file; or `run:` and the id of a run: what can be heard of it so far.
 */
address: string,
/**
 * From 1 to 4096.
 */
columns: number, };

/**
 * Which prompt to make.
 */
export type MakePrompt = {
/**
 * The connection whose model it is.
 */
connection: string,
/**
 * The model; empty means the connection's own choice, or none where `format` is a built-in one.
 */
model: string,
/**
 * A built-in format (`chatml`, `starcoder`, …), or a named template of the model's own (`tool_use`, `rag`).
 */
format?: string,
/**
 * What is to be in it.
 */
input: PromptInput, };

/**
 * Makes a table; nothing runs yet.
 */
export type MakeTable = {
/**
 * A fresh UUID, made by the caller.
 */
id: string,
/**
 * Where the rows come from.
 */
source: TableSource,
/**
 * Which connection answers.
 */
connection: string,
/**
 * Which provider.
 */
provider?: string,
/**
 * What is asked of each row; the row's picture is put into it (the last message of a chat, `image`), or its text
 * (the last message of a chat, `prompt`, `text`): in place of `{text}` where that stands there, else behind the
 * words.
 */
input: RunInput,
/**
 * How pictures are made ready.
 */
preparing?: Preparing,
/**
 * Rows under way at the same time, 1 to 16.
 */
at_once: number, };

/**
 * One row of a model's `inferenceProviderMapping`.
 */
export type Mapping = {
/**
 * The provider's name.
 */
provider: string,
/**
 * The provider's own id of the model.
 */
provider_id: string,
/**
 * The task it serves: `conversational`, `text-generation`, …
 */
task: string,
/**
 * `live`, `staging` or `error`.
 */
status: string,
/**
 * The provider made the model itself.
 */
is_model_author: boolean,
/**
 * `lora`: the model is put on a base model.
 */
adapter: string | null,
/**
 * The file of the adapter's weights in the model's repository.
 */
adapter_weights_path: string | null,
/**
 * `single-model` or `tag-filter` (the row holds for every model with certain tags).
 */
kind: string | null, };

/**
 * Stars, tags or annotates runs; what is not set stays as it is.
 */
export type MarkRuns = {
/**
 * Which.
 */
ids: Array<string>,
/**
 * Starred or not.
 */
favourite?: boolean,
/**
 * Tags to add, 1 to 60 characters each.
 */
add_tags?: Array<string>,
/**
 * Tags to take away.
 */
remove_tags?: Array<string>,
/**
 * The person's own words, at most 10,000 characters.
 */
note?: string, };

/**
 * What the person made of a run.
 */
export type Marks = {
/**
 * Starred.
 */
favourite: boolean,
/**
 * In alphabetical order.
 */
tags: Array<string>,
/**
 * The person's own words.
 */
note: string, };

/**
 * A word that fits into a gap.
 */
export type MaskFilling = {
/**
 * How sure the model is, 0 to 1.
 */
score: number,
/**
 * The text with the gap filled.
 */
sequence: string,
/**
 * The token's number.
 */
token?: number,
/**
 * The token's text.
 */
token_str: string, };

/**
 * What search by meaning can do now.
 */
export type Meanings = {
/**
 * The model for it is on this machine.
 */
ready: boolean,
/**
 * Runs that it knows.
 */
known: number,
/**
 * Runs that have words.
 */
total: number, };

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
 * A model of the Hub.
 */
export type ModelCard = {
/**
 * `org/name`.
 */
id: string,
/**
 * Its page on the Hub, where the terms of a gated model are accepted.
 */
page: string,
/**
 * The Hub's own task name: `text-to-image`, …
 */
pipeline_tag: string | null,
/**
 * `transformers`, `diffusers`, …
 */
library: string | null,
/**
 * Its terms must be accepted first: `auto` at once, `manual` by its owner.
 */
gated: string | null,
/**
 * Only some may see it.
 */
private: boolean,
/**
 * Warm on hf-inference.
 */
warm: boolean,
/**
 * Likes.
 */
likes: number,
/**
 * Downloads of the last month.
 */
downloads: number,
/**
 * When it was changed last, as the Hub writes it.
 */
last_modified: string | null,
/**
 * Its tags.
 */
tags: Array<string>,
/**
 * The word that stands for the gap (`fill_mask`).
 */
mask_token: string | null,
/**
 * Tokens of context, as the model's own files say.
 */
context_length: number | null,
/**
 * The model's family: `llama`, `qwen3`, …
 */
architecture: string | null,
/**
 * The files of its repository.
 */
files: Array<string>,
/**
 * Whether a chat template is known of; files of templates count.
 */
has_template: boolean,
/**
 * Who serves it.
 */
mapping: Array<Mapping>, };

/**
 * A model, and who serves it for what.
 */
export type ModelFacts = {
/**
 * What the Hub says of it.
 */
card: ModelCard,
/**
 * Who serves it, by task.
 */
serving: Array<TaskServing>,
/**
 * The largest context any provider offers, else the model's own, tokens.
 */
context_length?: number,
/**
 * How fresh this is.
 */
age: Age, };

/**
 * A model in a list.
 */
export type ModelHit = {
/**
 * `org/name`.
 */
id: string,
/**
 * The Hub's own task name: `text-to-image`, …
 */
pipeline_tag: string | null,
/**
 * `transformers`, `diffusers`, …
 */
library: string | null,
/**
 * Its terms must be accepted first: `auto` at once, `manual` by its owner.
 */
gated: string | null,
/**
 * Likes.
 */
likes: number,
/**
 * Downloads of the last month.
 */
downloads: number,
/**
 * When it was changed last, as the Hub writes it.
 */
last_modified: string | null,
/**
 * Who serves it.
 */
mapping: Array<Mapping>, };

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
 * Who serves it; empty for built-in models, servers and Spaces.
 */
providers: Array<ProviderRow>,
/**
 * Names of the asked task's parameters that it has no place for.
 */
ignored: Array<string>,
/**
 * Hugging Face: when this was known, milliseconds since 1970 UTC; it may come from the disk.
 */
as_of?: number, };

/**
 * Gives a waiting run another place.
 */
export type MoveRun = {
/**
 * The run.
 */
id: string,
/**
 * The waiting run that it goes before; `None` puts it last.
 */
before?: string, };

/**
 * No arguments, or nothing to say.
 */
export type Nothing = Record<symbol, never>;

/**
 * A picture to find things on. A parameter that is `None` is left out of the request.
 */
export type ObjectDetectionInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The picture.
 */
image: string,
/**
 * 0 to 1: how sure the model must be to name a thing.
 */
threshold?: number,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * The things found, as the server orders them.
 */
export type ObjectDetectionOutput = {
/**
 * The things.
 */
objects: Array<DetectedObject>, };

/**
 * An organisation of the token's owner.
 */
export type Org = {
/**
 * The name to bill.
 */
name: string,
/**
 * Its name on screen.
 */
fullname: string,
/**
 * Has a means of payment.
 */
can_pay: boolean,
/**
 * Its plan, where the Hub says it: `team`, `enterprise`, …
 */
plan: string | null,
/**
 * The owner's part in it: `admin`, `write`, …
 */
role: string | null,
/**
 * End of the paid period, Unix seconds.
 */
period_end: number | null, };

/**
 * Where a template was found.
 */
export type Origin = "chat_template_jinja" | "chat_template_json" | "processor_config" | "tokenizer_config" | "gguf" | "built_in";

/**
 * How the scores are made of what the model gives.
 */
export type OutputTransform = "sigmoid" | "softmax" | "none";

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
 * Whether the queue rests.
 */
export type PauseQueue = {
/**
 * `true` starts no more runs; those under way go on.
 */
paused: boolean, };

/**
 * The shape of a sound: for each column the lowest and the highest sample of all channels, -127 to 127.
 */
export type Peaks = {
/**
 * How long it is.
 */
seconds: number,
/**
 * As many as columns were asked for.
 */
low: Array<number>,
/**
 * As many as columns were asked for.
 */
high: Array<number>, };

/**
 * A picture that a run made.
 */
export type Picture = {
/**
 * Where it is: `media:` and the file's name, which is the SHA-256 of its bytes and their kind.
 */
address: string,
/**
 * The run that made it.
 */
run: string,
/**
 * Its place among the run's pictures, from 0.
 */
place: number,
/**
 * Pixels; 0 where it is not known.
 */
width: number,
/**
 * Pixels; 0 where it is not known.
 */
height: number,
/**
 * Size of its file.
 */
bytes: number,
/**
 * When its run was started, milliseconds since 1970 UTC.
 */
created_at: number,
/**
 * What was asked, at most 200 characters.
 */
prompt: string,
/**
 * The model that made it.
 */
model: string,
/**
 * Starred.
 */
favourite: boolean,
/**
 * Wholly one colour (nearly always a filter's doing).
 */
blank: boolean,
/**
 * Its file is no longer in the data folder.
 */
missing: boolean, };

/**
 * One picture by its address, whether a run made it or it came from outside.
 */
export type PictureFacts = {
/**
 * Its address.
 */
address: string,
/**
 * `image/png`, …, by its first bytes.
 */
media_type: string,
/**
 * Pixels, upright.
 */
width: number,
/**
 * Pixels, upright.
 */
height: number,
/**
 * Size of its file.
 */
bytes: number,
/**
 * How it was made, where its file tells.
 */
settings?: PictureSettings, };

/**
 * The form of a picture's file.
 */
export type PictureForm = "original" | "png" | "jpeg" | "webp";

/**
 * A piece of the gallery.
 */
export type PicturePage = {
/**
 * Newest first.
 */
pictures: Array<Picture>,
/**
 * All that match.
 */
total: number, };

/**
 * How a picture was made, as far as its file tells; what is not known is missing. `huggingface_hub`'s names.
 */
export type PictureSettings = {
/**
 * What it shows.
 */
prompt: string,
/**
 * What it must not show.
 */
negative_prompt?: string,
/**
 * Pixels.
 */
width?: number,
/**
 * Pixels.
 */
height?: number,
/**
 * Steps of denoising.
 */
num_inference_steps?: number,
/**
 * How closely it follows the prompt.
 */
guidance_scale?: number,
/**
 * The scheduler's name as the file has it.
 */
scheduler?: string,
/**
 * The seed.
 */
seed?: number,
/**
 * The model as the file names it.
 */
model?: string,
/**
 * The program that wrote it, where that is told.
 */
software?: string, };

/**
 * One sound of what is played.
 */
export type Piece = {
/**
 * `media:` and the name of a file, or `run:` and the id of a run whose voice is still speaking.
 */
sound: string,
/**
 * Seconds of silence before it, 0 to 10.
 */
gap?: number, };

/**
 * Where the player stands: told when it changes, at most 30 times a second while it plays, and never while it is
 * still.
 */
export type Playing = {
/**
 * Whether anything is heard.
 */
phase: SoundPhase,
/**
 * What is being played.
 */
pieces: Array<Piece>,
/**
 * Which of them, from 0.
 */
piece: number,
/**
 * Seconds into that one, as recorded (at double speed it grows by 2 a second).
 */
position: number,
/**
 * Seconds of that one; so far, where it is still being made.
 */
duration: number,
/**
 * Whether that one is still being made.
 */
growing: boolean,
/**
 * 0 to 1.
 */
volume: number,
/**
 * 0.5 to 2.
 */
speed: number,
/**
 * Whether it begins again at its end.
 */
repeat: boolean,
/**
 * The id of the device that was picked; `None` is the system's own choice.
 */
device?: string,
/**
 * Why nothing can be heard (no sound device, a sound that cannot be read).
 */
problem?: Error, };

/**
 * Makes a picture ready for sending.
 */
export type PreparePicture = {
/**
 * The picture as it came.
 */
address: string,
/**
 * The model it is for, which tells how many tokens it will be.
 */
model: string,
/**
 * Pixels of the longest side at most, 64 to 8192; a smaller picture is not made larger.
 */
max_side: number,
/**
 * Quality of the JPEG, 1 to 100.
 */
quality: number, };

/**
 * A picture that is ready for sending.
 */
export type PreparedPicture = {
/**
 * What is sent: a JPEG, or the picture as it was where that is smaller and fits; without what cameras note.
 */
address: string,
/**
 * Pixels of what is sent.
 */
width: number,
/**
 * Pixels of what is sent.
 */
height: number,
/**
 * Bytes of what is sent, before base64.
 */
bytes: number,
/**
 * Bytes of the picture as it came.
 */
original_bytes: number,
/**
 * Tokens that a model is likely to count for it: an estimate.
 */
tokens: number, };

/**
 * How a picture is made ready for sending: upright, and small enough.
 */
export type Preparing = {
/**
 * Pixels of the longest side at most, 64 to 8192; a smaller picture is not made larger.
 */
max_side: number,
/**
 * Quality of the JPEG, 1 to 100.
 */
quality: number, };

/**
 * A prompt, to the letter.
 */
export type Prompt = {
/**
 * What the model reads. It begins with its first special token where the template writes one.
 */
text: string,
/**
 * The template that made it; `None` for a gap.
 */
template?: Template,
/**
 * Texts that end the answer, where they are known.
 */
stop: Array<string>, };

/**
 * What a prompt is made of.
 */
export type PromptInput = { "chat": ChatInput } | { "fill": {
/**
 * What stands before the gap.
 */
prefix: string,
/**
 * What stands behind it.
 */
suffix: string, } };

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
structured_output: boolean,
/**
 * Names of the asked task's parameters that have no effect there.
 */
ignored: Array<string>, };

/**
 * A question, and the text that holds its answer. A parameter that is `None` is left out of the request.
 */
export type QuestionAnsweringInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The question.
 */
question: string,
/**
 * The text to find the answer in.
 */
context: string,
/**
 * Whether answers end where words end; does not suit languages without spaces.
 */
align_to_words?: boolean,
/**
 * Tokens that the parts of a long text have in common.
 */
doc_stride?: number,
/**
 * Whether "there is no answer" is one.
 */
handle_impossible_answer?: boolean,
/**
 * Length of an answer at most, from 1.
 */
max_answer_len?: number,
/**
 * Length of the question at most, from 1; what is longer is cut.
 */
max_question_len?: number,
/**
 * Length of question and text together in one part, from 1.
 */
max_seq_len?: number,
/**
 * Answers at most, from 1.
 */
top_k?: number,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * The answers, the likeliest first.
 */
export type QuestionAnsweringOutput = {
/**
 * The answers.
 */
answers: Array<TextAnswer>, };

/**
 * The queue as it stands.
 */
export type Queue = {
/**
 * Runs of the queue that are under way.
 */
running: Array<RunSummary>,
/**
 * Runs that wait, the next one first.
 */
waiting: Array<RunSummary>,
/**
 * Whether none is started by itself: so it is after a start of the app, until the person says go on.
 */
paused: boolean, };

/**
 * What the Hub last said of one bucket.
 */
export type RateLimit = {
/**
 * `api`, `resolvers` or `pages`.
 */
bucket: string,
/**
 * Requests that are left in this window.
 */
remaining: number,
/**
 * Requests that a window allows.
 */
quota: number | null,
/**
 * Length of a window, seconds.
 */
window: number | null,
/**
 * When the window ends, Unix seconds.
 */
resets_at: number, };

/**
 * What a repeated run showed.
 */
export type Repeated = {
/**
 * The run that was repeated.
 */
of: string,
/**
 * How the pictures compare.
 */
sameness: Sameness,
/**
 * Whether a seed was sent both times.
 */
seeded: boolean, };

/**
 * Who speaks.
 */
export type Role = "system" | "developer" | "user" | "assistant" | "tool";

/**
 * A piece of a table.
 */
export type RowPage = {
/**
 * In their order.
 */
rows: Array<TableRow>,
/**
 * All that match.
 */
total: number, };

/**
 * Where a row stands.
 */
export type RowState = "waiting" | "running" | "done" | "failed";

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
conversation?: string,
/**
 * The message there that holds its answer: `open_branch` opens it.
 */
assistant_message?: string,
/**
 * What it was asked for together with.
 */
batch?: string,
/**
 * The run that it repeats.
 */
repeats?: string,
/**
 * It was to be asked even where the answer was there already.
 */
anew?: boolean,
/**
 * What the person made of it.
 */
marks: Marks, };

/**
 * A piece of a run's answer, by task; the other tasks answer in one piece.
 */
export type RunDelta = { "task": "chat_completion" } & ChatDelta | { "task": "text_generation" } & TextDelta | { "task": "text_to_speech" } & SpeechDelta | { "task": "text_to_image" } & ImageDelta;

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
 * Another provider that serves the same model, for the person to choose; nothing was sent there.
 */
next_provider?: string,
/**
 * The page on which the person can do what is missing, such as a gated model's own.
 */
page?: string,
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
export type RunInput = { "task": "chat_completion" } & ChatInput | { "task": "text_generation" } & TextInput | { "task": "text_to_image" } & TextToImageInput | { "task": "image_to_image" } & ImageToImageInput | { "task": "text_to_speech" } & TextToSpeechInput | { "task": "automatic_speech_recognition" } & SpeechRecognitionInput | { "task": "image_to_text" } & ImageToTextInput | { "task": "visual_question_answering" } & VisualQuestionAnsweringInput | { "task": "image_classification" } & ImageClassificationInput | { "task": "zero_shot_image_classification" } & ZeroShotImageClassificationInput | { "task": "object_detection" } & ObjectDetectionInput | { "task": "text_classification" } & TextClassificationInput | { "task": "token_classification" } & TokenClassificationInput | { "task": "zero_shot_classification" } & ZeroShotClassificationInput | { "task": "summarization" } & SummarizationInput | { "task": "translation" } & TranslationInput | { "task": "fill_mask" } & FillMaskInput | { "task": "question_answering" } & QuestionAnsweringInput | { "task": "feature_extraction" } & FeatureExtractionInput | { "task": "sentence_similarity" } & SentenceSimilarityInput;

/**
 * A run's answer, by task. After a Stop, a failure or a crash it holds what had come.
 */
export type RunOutput = { "task": "chat_completion" } & ChatOutput | { "task": "text_generation" } & TextOutput | { "task": "text_to_image" } & ImageOutput | { "task": "image_to_image" } & ImageOutput | { "task": "text_to_speech" } & AudioOutput | { "task": "automatic_speech_recognition" } & SpeechRecognitionOutput | { "task": "image_to_text" } & ImageToTextOutput | { "task": "visual_question_answering" } & VisualQuestionAnsweringOutput | { "task": "image_classification" } & Labels | { "task": "zero_shot_image_classification" } & Labels | { "task": "object_detection" } & ObjectDetectionOutput | { "task": "text_classification" } & Labels | { "task": "token_classification" } & TokenClassificationOutput | { "task": "zero_shot_classification" } & Labels | { "task": "summarization" } & SummarizationOutput | { "task": "translation" } & TranslationOutput | { "task": "fill_mask" } & FillMaskOutput | { "task": "question_answering" } & QuestionAnsweringOutput | { "task": "feature_extraction" } & FeatureExtractionOutput | { "task": "sentence_similarity" } & SentenceSimilarityOutput;

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
export type RunState = "waiting" | "running" | "done" | "failed" | "cancelled" | "interrupted";

/**
 * A run as the History list shows it.
 */
export type RunSummary = {
/**
 * Its UUID.
 */
id: string,
/**
 * `huggingface_hub`'s name of the task.
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
conversation?: string,
/**
 * Starred.
 */
favourite: boolean,
/**
 * The first picture that it made, else the first that it was asked about, as a `media:` address.
 */
picture?: string,
/**
 * How many pictures it made.
 */
pictures: number,
/**
 * 0 to 1: how near its words are to the question; only of a search by meaning.
 */
nearness?: number, };

/**
 * Works on a table.
 */
export type RunTable = {
/**
 * Which.
 */
id: string,
/**
 * Which rows: those without an answer, those that failed, or these.
 */
which: "open" | "failed" | { "places": Array<number> }, };

/**
 * Whether a repeated run gave the same pictures.
 */
export type Sameness = "same" | "same_pixels" | "different" | "unknown";

/**
 * A connection to be made or changed.
 */
export type SaveConnection = {
/**
 * `None` makes a new connection to a server or a Space.
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
bill_to?: string,
/**
 * Instead of a base URL: a Space's id on the Hub, its page there, or its own address.
 */
space?: string, };

/**
 * Saves a picture where the person wants it.
 */
export type SavePicture = {
/**
 * Which.
 */
address: string,
/**
 * The run whose settings are written into it.
 */
run?: string,
/**
 * The file, as picked in a dialog.
 */
path: string,
/**
 * Its form.
 */
form: PictureForm, };

/**
 * Saves a sound, or several joined, where the person wants it.
 */
export type SaveSound = {
/**
 * One, or several to be joined (then in WAV or FLAC): `media:` or `run:` and what follows.
 */
addresses: Array<string>,
/**
 * Seconds of silence between two, 0 to 10.
 */
gap?: number,
/**
 * Its form.
 */
form: SoundForm,
/**
 * The file, as picked in a dialog.
 */
path: string, };

/**
 * Which models to look for.
 */
export type SearchModels = {
/**
 * The page after another: its `next`. The rest is not looked at then.
 */
next?: string,
/**
 * Ask again, past the cache of ten minutes.
 */
refresh: boolean,
/**
 * Only models for this task (`text_to_image`); empty for all.
 */
task: string,
/**
 * Words in the name; empty for all.
 */
search: string,
/**
 * One user or organisation; empty for all.
 */
author: string,
/**
 * Served by this provider, or by several with commas between; `all` for any; empty: served or not.
 */
provider: string,
/**
 * One of `SORTS`; empty for `trendingScore`.
 */
sort: string,
/**
 * Models on a page, 1 to 1,000; `None` for 50.
 */
limit: number | null, };

/**
 * A sentence, and others to compare it with. A parameter that is `None` is left out of the request.
 */
export type SentenceSimilarityInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The sentence.
 */
sentence: string,
/**
 * The others, at least 1.
 */
other_sentences: Array<string>,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * How alike the sentences are.
 */
export type SentenceSimilarityOutput = {
/**
 * For each of the others, in their order: 1 means the same.
 */
scores: Array<number>, };

/**
 * One provider's way to serve a model for one task: a row of a picker, in the order `auto` would choose.
 */
export type Serving = {
/**
 * The provider's name on the wire.
 */
provider: string,
/**
 * Its name on screen.
 */
title: string,
/**
 * `live`, `staging` or `error`.
 */
status: string,
/**
 * The provider's own id of the model; empty when only the router's list names it.
 */
provider_id: string,
/**
 * Limerick knows how to ask it for this task.
 */
known: boolean,
/**
 * A Hugging Face token is enough; otherwise it wants a key of its own.
 */
routed: boolean,
/**
 * The model is a LoRA here.
 */
lora: boolean,
/**
 * Tokens of context.
 */
context_length: number | null,
/**
 * US dollars for a million prompt tokens.
 */
input_price: number | null,
/**
 * US dollars for a million answer tokens.
 */
output_price: number | null,
/**
 * Takes tools.
 */
supports_tools: boolean | null,
/**
 * Takes a JSON schema.
 */
supports_structured_output: boolean | null,
/**
 * Milliseconds to the first token.
 */
first_token_latency_ms: number | null,
/**
 * Tokens a second.
 */
throughput: number | null, };

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
 * How large everything in the window is drawn, percent: 50 to 300.
 */
zoom: number,
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
 * Client id of an OAuth app at Hugging Face: with it, one can sign in with a code instead of pasting a token.
 */
sign_in_client?: string,
/**
 * Show answers as formatted text.
 */
markdown: boolean,
/**
 * Whether what was asked before is asked again.
 */
answers: Answers,
/**
 * Play what a voice says as soon as it can be heard.
 */
autoplay: boolean,
/**
 * Where sound is heard; `None` is the system's own choice.
 */
sound_device?: string,
/**
 * How loud sound is: 0 (silent) to 1 (as recorded).
 */
volume: number,
/**
 * What the UI itself remembers: open tab, sizes, drafts, parameters. Its shape is the UI's own.
 */
ui: Record<string, unknown>, };

/**
 * Headers and body of a request or an answer.
 */
export type Sheet = {
/**
 * Names in lower case, in the order in which they stand.
 */
headers: Array<[string, string]>,
/**
 * The body as text; a file in it is named by its size.
 */
body: string,
/**
 * Bytes of the body, as they went over the wire (after decompression).
 */
size: number, };

/**
 * Begins a sign-in.
 */
export type SignIn = {
/**
 * Where no keychain works: the person agrees to a file that only they can read.
 */
allow_file: boolean, };

/**
 * What happens while a person signs in. `done`, `failed` or `cancelled` ends it.
 */
export type SignInEvent = { "kind": "code",
/**
 * What to enter.
 */
code: string,
/**
 * Where, with the code filled in already.
 */
page: string,
/**
 * Seconds until it is void.
 */
expires_in: number, } | { "kind": "done",
/**
 * The Hugging Face connection.
 */
connection: Connection, } | { "kind": "failed",
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
 * Another provider that serves the same model, for the person to choose; nothing was sent there.
 */
next_provider?: string,
/**
 * The page on which the person can do what is missing, such as a gated model's own.
 */
page?: string,
/**
 * The parameter or field that the provider complains about.
 */
field?: string,
/**
 * The technical cause, at most 2,000 characters, never a key: for "copy details" and the log.
 */
detail?: string, } | { "kind": "cancelled" };

/**
 * A run in another language.
 */
export type Snippet = {
/**
 * Which language.
 */
language: Language,
/**
 * Its name on screen, with the library.
 */
title: string,
/**
 * The code, ending in a line end; it runs as it stands.
 */
code?: string,
/**
 * Why there is none: one sentence.
 */
why?: string, };

/**
 * A place where sound can be heard.
 */
export type SoundDevice = {
/**
 * Stays the same as long as the device is there.
 */
id: string,
/**
 * The system's name for it.
 */
name: string,
/**
 * Whether it is the system's own choice.
 */
default: boolean, };

/**
 * One sound by its address.
 */
export type SoundFile = {
/**
 * `media:` and the name of a file.
 */
address: string,
/**
 * Its type by its own bytes: `audio/wav`, `audio/flac`, `audio/ogg`, `audio/mpeg`, `audio/aac`, `audio/mp4` or
 * `audio/webm`.
 */
media_type: string,
/**
 * How long it is; of one that was cut short, how long that is which is there.
 */
seconds: number,
/**
 * Hertz.
 */
sample_rate: number,
/**
 * 1 to 8.
 */
channels: number,
/**
 * Bytes of the file.
 */
bytes: number,
/**
 * False where the file ends before its time; what is there plays.
 */
whole: boolean, };

/**
 * The form of a sound's file.
 */
export type SoundForm = "received" | "wav" | "flac";

/**
 * Something that a person does with the player.
 */
export type SoundOrder = { "do": "play",
/**
 * At least one.
 */
pieces: Array<Piece>,
/**
 * Which of them comes first, from 0.
 */
piece?: number,
/**
 * Seconds into that one.
 */
at?: number, } | { "do": "pause" } | { "do": "resume" } | { "do": "seek",
/**
 * Which piece, from 0.
 */
piece: number,
/**
 * Seconds into it.
 */
at: number, } | { "do": "stop" } | { "do": "volume",
/**
 * 0 to 1.
 */
volume: number, } | { "do": "speed",
/**
 * 0.5 to 2.
 */
speed: number, } | { "do": "repeat",
/**
 * Whether.
 */
repeat: boolean, } | { "do": "device",
/**
 * A device's id; `None` is the system's own choice.
 */
id?: string, };

/**
 * Whether anything is heard.
 */
export type SoundPhase = "idle" | "playing" | "waiting" | "paused" | "ended";

/**
 * A piece of what was said, and when.
 */
export type SpeechChunk = {
/**
 * What was said.
 */
text: string,
/**
 * Start and end in seconds; an end is missing where the sound breaks off.
 */
timestamp: [number | null, number | null], };

/**
 * Sentences that can be heard already, while the rest is still being spoken.
 */
export type SpeechDelta = {
/**
 * In the order in which they are heard.
 */
captions: Array<Caption>, };

/**
 * What to write down. A parameter that is `None` is left out of the request.
 */
export type SpeechRecognitionInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The sound; a `data:` URI in JSON, or the `media:` address of a file.
 */
audio: string,
/**
 * Say when each piece was spoken.
 */
return_timestamps?: boolean,
/**
 * How tokens are chosen: `{temperature, num_beams, max_new_tokens, …}`.
 */
generation_parameters?: Record<string, unknown>,
/**
 * Any other parameter of the provider, such as `language`.
 */
extra_body?: Record<string, unknown>, };

/**
 * The words that were heard.
 */
export type SpeechRecognitionOutput = {
/**
 * All that was said.
 */
text: string,
/**
 * The same in pieces, where the server says when each was spoken.
 */
chunks?: Array<SpeechChunk>, };

/**
 * A text to be split.
 */
export type SplitText = {
/**
 * The text.
 */
text: string,
/**
 * How long a take may last, 1 to 600.
 */
seconds: number, };

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
 * What is asked. With a `turn`, the conversation fills in a chat's `messages`, and where they are empty a prompt (in
 * Idefics2's form), a picture and a question.
 */
input: RunInput,
/**
 * Where the answer belongs in a conversation; `None` for a run of its own.
 */
turn?: Turn,
/**
 * Seconds for all of it; then the run fails with `timeout`, and what came is kept.
 */
deadline?: number,
/**
 * Whether it takes its turn in the queue, instead of starting at once.
 */
queued?: boolean,
/**
 * Runs that were asked for together (several pictures of one prompt, the cells of a grid) share this UUID.
 */
batch?: string,
/**
 * The run that this one repeats exactly, to see whether the same comes again.
 */
repeats?: string,
/**
 * Asks even where the history or the server has the answer already.
 */
anew?: boolean, };

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
 * What the data folder holds.
 */
export type Storage = {
/**
 * Pictures of runs.
 */
pictures: number,
/**
 * Sounds of runs.
 */
sounds: number,
/**
 * Bytes of all pictures and sounds.
 */
media_bytes: number,
/**
 * Bytes of their small forms.
 */
thumb_bytes: number,
/**
 * Bytes of the history file.
 */
history_bytes: number,
/**
 * Pictures whose file is gone.
 */
missing: number, };

/**
 * A text to shorten. A parameter that is `None` is left out of the request.
 */
export type SummarizationInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The text.
 */
text: string,
/**
 * Whether to take out the spaces that tokens leave behind.
 */
clean_up_tokenization_spaces?: boolean,
/**
 * How the text is generated: `max_length`, `num_beams`, … as the model's library names them.
 */
generate_parameters: Record<string, unknown>,
/**
 * What happens to a text that is too long.
 */
truncation?: Truncation,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * A short text.
 */
export type SummarizationOutput = {
/**
 * The summary.
 */
summary_text: string, };

/**
 * A table as the page shows it.
 */
export type Table = {
/**
 * Its UUID.
 */
id: string,
/**
 * The folder's or file's name, or the first words.
 */
title: string,
/**
 * Milliseconds since 1970 UTC.
 */
created_at: number,
/**
 * `huggingface_hub`'s name of the task.
 */
task: string,
/**
 * Which connection answers.
 */
connection: string,
/**
 * Which provider.
 */
provider?: string,
/**
 * What is asked of each row.
 */
input: RunInput,
/**
 * How pictures are made ready.
 */
preparing?: Preparing,
/**
 * Rows under way at the same time.
 */
at_once: number,
/**
 * Whether its rows are pictures.
 */
pictures: boolean,
/**
 * Names of the other columns of its file.
 */
fields: Array<string>,
/**
 * What its folder or file held that is no row: hidden files, links out of the folder, what is no picture, lines
 * without a text.
 */
left_out: number,
/**
 * It is being worked on now.
 */
running: boolean,
/**
 * All rows.
 */
rows: number,
/**
 * Rows that have an answer.
 */
done: number,
/**
 * Rows whose last try failed.
 */
failed: number, };

/**
 * What happens to a table while it is watched.
 */
export type TableEvent = { "kind": "rows",
/**
 * As they are now.
 */
rows: Array<TableRow>,
/**
 * The table as it is now.
 */
table: Table, } | { "kind": "gone" };

/**
 * What was written of a table.
 */
export type TableFile = {
/**
 * Rows written.
 */
rows: number,
/**
 * Files that were there already and were left as they are.
 */
kept: number,
/**
 * Pictures that are gone or lie outside the folder: nothing was written for them.
 */
left_out: number, };

/**
 * One row of a table.
 */
export type TableRow = {
/**
 * Its place, from 0.
 */
place: number,
/**
 * The text, or the name of the picture's file.
 */
name: string,
/**
 * The other columns of its line.
 */
fields: Record<string, string>,
/**
 * Where it stands.
 */
state: RowState,
/**
 * What the model answered, or what the person wrote in its place. Of labels: the best one's name.
 */
answer: string,
/**
 * Labels with their scores, the best ten first, where the task gives labels.
 */
labels: Array<Label>,
/**
 * The person wrote the answer.
 */
edited: boolean,
/**
 * Why the last try failed.
 */
error?: Error,
/**
 * Its newest run.
 */
run?: string,
/**
 * The prepared picture of that run, as a `media:` address; none before it was made ready.
 */
picture?: string, };

/**
 * Where a table's rows come from.
 */
export type TableSource = { "kind": "pictures",
/**
 * A folder (its pictures, in natural order, without those in folders below), or files, or `media:`
 * addresses of dropped pictures.
 */
paths: Array<string>,
/**
 * Names of `paths` that are `media:` addresses, one each.
 */
names?: Array<string>, } | { "kind": "texts",
/**
 * One text a row.
 */
texts: Array<string>, } | { "kind": "file",
/**
 * A CSV (with a head) or JSONL file.
 */
path: string,
/**
 * The column that holds the text, or the path of the picture.
 */
column: string,
/**
 * Whether `column` holds paths of pictures.
 */
pictures: boolean, };

/**
 * The size that a picture shall have.
 */
export type TargetSize = {
/**
 * Pixels, from 1.
 */
height: number,
/**
 * Pixels, from 1.
 */
width: number, };

/**
 * Who serves a model for one task.
 */
export type TaskServing = {
/**
 * The task's name here: `chat_completion`.
 */
task: string,
/**
 * The providers, in the order in which they would be chosen.
 */
providers: Array<Serving>, };

/**
 * A template and what belongs to it.
 */
export type Template = {
/**
 * The template, in Jinja.
 */
text: string,
/**
 * `default`, `tool_use`, `rag`, or the name of a built-in format.
 */
name: string,
/**
 * Where it was found.
 */
origin: Origin,
/**
 * Special tokens by their names, such as `bos_token`.
 */
tokens: { [key in string]: string }, };

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
 * A place in the text that answers the question.
 */
export type TextAnswer = {
/**
 * The answer; empty when there is none.
 */
answer: string,
/**
 * How sure the model is, 0 to 1.
 */
score: number,
/**
 * Where it begins, in characters.
 */
start?: number,
/**
 * Where it ends, in characters.
 */
end?: number, };

/**
 * A text to put into classes. A parameter that is `None` is left out of the request.
 */
export type TextClassificationInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The text.
 */
text: string,
/**
 * How the scores are made of what the model gives.
 */
function_to_apply?: OutputTransform,
/**
 * Labels at most, from 1.
 */
top_k?: number,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

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
 * What to paint, and how. A parameter that is `None` is left out of the request.
 */
export type TextToImageInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * What the picture shows.
 */
prompt: string,
/**
 * What it must not show; without effect at models that were distilled (Flux, Turbo).
 */
negative_prompt?: string,
/**
 * Pixels, from 1; most models want a multiple of 8 or 16.
 */
height?: number,
/**
 * Pixels, from 1; most models want a multiple of 8 or 16.
 */
width?: number,
/**
 * Steps of denoising, from 1: more is finer and slower.
 */
num_inference_steps?: number,
/**
 * From 0: how closely the picture follows the prompt.
 */
guidance_scale?: number,
/**
 * The name of a scheduler's class; at hf-inference and diffusers only.
 */
scheduler?: string,
/**
 * Equal seeds give equal pictures where the server honours it; up to 4294967295 is safe everywhere.
 */
seed?: number,
/**
 * Any other parameter of the provider.
 */
extra_body?: Record<string, unknown>, };

/**
 * What to say, and how. A parameter that is `None` is left out of the request; a voice goes into
 * `extra_body`, as every provider names its own.
 */
export type TextToSpeechInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * What to say.
 */
text: string,
/**
 * Draw tokens by chance, rather than always the likeliest.
 */
do_sample?: boolean,
/**
 * When a search in beams stops: `true`, `false` or `"never"`.
 */
early_stopping?: boolean | "never",
/**
 * 0 to 1: only tokens that are likelier than this are drawn.
 */
epsilon_cutoff?: number,
/**
 * 0 to 1: a bound of locally typical and epsilon sampling together.
 */
eta_cutoff?: number,
/**
 * Tokens at most, those of the text included, from 1.
 */
max_length?: number,
/**
 * Tokens to write at most, from 1; goes before `max_length`.
 */
max_new_tokens?: number,
/**
 * Tokens at least, those of the text included.
 */
min_length?: number,
/**
 * Tokens to write at least; goes before `min_length`.
 */
min_new_tokens?: number,
/**
 * Groups of beams, from 1.
 */
num_beam_groups?: number,
/**
 * Beams, from 1.
 */
num_beams?: number,
/**
 * From 0: weighs confidence against repetition in a contrastive search.
 */
penalty_alpha?: number,
/**
 * From 0 (always the likeliest).
 */
temperature?: number,
/**
 * Choose among this many of the likeliest tokens, from 1.
 */
top_k?: number,
/**
 * 0 to 1: choose among the likeliest tokens that add up to this.
 */
top_p?: number,
/**
 * 0 to 1: choose among the most typical tokens that add up to this.
 */
typical_p?: number,
/**
 * Keep what was computed for the tokens before.
 */
use_cache?: boolean,
/**
 * Any other parameter of the provider, such as `voice`.
 */
extra_body?: Record<string, unknown>, };

/**
 * One text, or several.
 */
export type Texts = string | Array<string>;

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
 * A text to find names, places and the like in. A parameter that is `None` is left out of the request.
 */
export type TokenClassificationInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The text.
 */
text: string,
/**
 * How the pieces of a word are put together.
 */
aggregation_strategy?: AggregationStrategy,
/**
 * Labels that are of no interest.
 */
ignore_labels: Array<string>,
/**
 * Tokens that the parts of a long text have in common.
 */
stride?: number,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * The entities in the order of the text.
 */
export type TokenClassificationOutput = {
/**
 * The entities.
 */
entities: Array<Entity>, };

/**
 * What a fine-grained token may do, and where.
 */
export type TokenScope = {
/**
 * The user, organisation or repository; empty for all.
 */
entity: string,
/**
 * The rights' names: `inference.serverless.write`, `repo.content.read`, …
 */
permissions: Array<string>, };

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
 * A text to translate. A parameter that is `None` is left out of the request.
 */
export type TranslationInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The text.
 */
text: string,
/**
 * The language of the text, as the model names it; goes with `tgt_lang`.
 */
src_lang?: string,
/**
 * The language to translate to, as the model names it; goes with `src_lang`.
 */
tgt_lang?: string,
/**
 * Whether to take out the spaces that tokens leave behind.
 */
clean_up_tokenization_spaces?: boolean,
/**
 * What happens to a text that is too long.
 */
truncation?: Truncation,
/**
 * How the text is generated: `max_length`, `num_beams`, … as the model's library names them.
 */
generate_parameters: Record<string, unknown>,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * A translated text.
 */
export type TranslationOutput = {
/**
 * The translation.
 */
translation_text: string, };

/**
 * What happens to a text that is too long for the model.
 */
export type Truncation = "do_not_truncate" | "longest_first" | "only_first" | "only_second";

/**
 * Which end of a text that is too long is cut.
 */
export type TruncationDirection = "left" | "right";

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
text?: string,
/**
 * Pictures that the person shows with `text`, as they are to be sent (see `prepare_picture`); at most 20.
 */
pictures?: Array<string>,
/**
 * What a new conversation is about.
 */
kind?: ConversationKind, };

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
 * Addresses of the pictures that are shown with it.
 */
pictures?: Array<string>,
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

/**
 * Copies a token that was found into the place where Limerick keeps keys.
 */
export type UseToken = {
/**
 * Which one.
 */
id: string,
/**
 * Where no keychain works: the person agrees to a file that only they can read.
 */
allow_file: boolean, };

/**
 * One answer about a picture.
 */
export type VisualAnswer = {
/**
 * The answer.
 */
answer: string,
/**
 * How sure the model is, 0 to 1; models that write their answers say nothing of it.
 */
score?: number, };

/**
 * A picture and a question about it. A parameter that is `None` is left out of the request.
 */
export type VisualQuestionAnsweringInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The picture.
 */
image: string,
/**
 * The question.
 */
question: string,
/**
 * Answers at most, from 1.
 */
top_k?: number,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * The answers, the likeliest first.
 */
export type VisualQuestionAnsweringOutput = {
/**
 * The answers.
 */
answers: Array<VisualAnswer>, };

/**
 * A voice that a model speaks with.
 */
export type Voice = {
/**
 * What the model calls it, as it goes on the wire (`af_heart`, `v2/en_speaker_6`).
 */
id: string,
/**
 * Its name on screen.
 */
name: string,
/**
 * Its language as a BCP 47 tag (`en-US`), where that is known.
 */
language?: string,
/**
 * A few words (`woman`, `deep`), where they are known.
 */
about?: string, };

/**
 * The owner of a token (`/api/whoami-v2`).
 */
export type WhoAmI = {
/**
 * `user`, `org` or `app`.
 */
kind: string,
/**
 * User name.
 */
name: string,
/**
 * Full name; empty when there is none.
 */
fullname: string,
/**
 * Has a PRO subscription.
 */
is_pro: boolean,
/**
 * Has a means of payment.
 */
can_pay: boolean,
/**
 * End of the paid period, Unix seconds.
 */
period_end: number | null,
/**
 * `prepaid` or `postpaid`, where the Hub says it.
 */
billing_mode: string | null,
/**
 * Organisations, for `X-HF-Bill-To`.
 */
orgs: Array<Org>,
/**
 * The token's name, where the Hub says it.
 */
token_name: string | null,
/**
 * `read`, `write`, `fineGrained`, …
 */
token_role: string | null,
/**
 * What a fine-grained token may do.
 */
token_scopes: Array<TokenScope>,
/**
 * When the token ends, as the Hub writes it; sign-ins have that.
 */
token_expires: string | null,
/**
 * Whether the token may read gated models; `None` when the Hub does not say.
 */
may_read_gated: boolean | null,
/**
 * Whether the token may call Inference Providers; `None` when the Hub does not say.
 */
may_infer: boolean | null, };

/**
 * A text, and the classes to choose from. A parameter that is `None` is left out of the request.
 */
export type ZeroShotClassificationInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The text.
 */
text: string,
/**
 * The labels to choose from, at least 1.
 */
candidate_labels: Array<string>,
/**
 * Whether several labels can be true at once; otherwise the scores add up to 1. `None` means no.
 */
multi_label?: boolean,
/**
 * The sentence that each label is put into, in place of its `{}`.
 */
hypothesis_template?: string,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

/**
 * A picture, and the classes to choose from. A parameter that is `None` is left out of the request.
 */
export type ZeroShotImageClassificationInput = {
/**
 * The model's id as the person picked it; empty means the connection's own choice.
 */
model: string,
/**
 * The picture.
 */
image: string,
/**
 * The labels to choose from, at least 2.
 */
candidate_labels: Array<string>,
/**
 * The sentence that each label is put into, in place of its `{}`.
 */
hypothesis_template?: string,
/**
 * Any other key, merged into `parameters`.
 */
extra_body: Record<string, unknown>, };

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
  /** Hugging Face tokens that other programs keep on this machine, with where they lie. */
  found_tokens: { args: Nothing; reply: Array<FoundToken> };
  /** Keeps one of these tokens for the Hugging Face connection. */
  use_token: { args: UseToken; reply: Connection };
  /** Stops a sign-in. Never an error. */
  stop_sign_in: { args: Nothing; reply: Nothing };
  /** Who the Hugging Face connection's token belongs to, and what it may do. */
  whoami: { args: Look; reply: Account };
  /** What the Hub last said of how many questions it takes. */
  rate_limits: { args: Nothing; reply: Array<RateLimit> };
  /** Models that a connection offers for a task. */
  models: { args: ListModels; reply: Array<ModelRow> };
  /** Finds models on the Hub. */
  search_models: { args: SearchModels; reply: FoundModels };
  /** Describes a model of the Hub: what it is, who serves it, at which price. */
  model_card: { args: DescribeModel; reply: ModelFacts };
  /** The exact prompt that a model reads: its chat template, rendered, or a gap to be filled. */
  template: { args: MakePrompt; reply: Prompt };
  /** The ways to Bark, and which of them are open to this person. */
  bark_routes: { args: Nothing; reply: Array<BarkRoute> };
  /** Models that run inside the app. */
  builtin_models: { args: Nothing; reply: Array<BuiltinModel> };
  /** Deletes a fetched model, or takes the person's own file off the list. */
  remove_model: { args: Id; reply: Nothing };
  /** Adds a file of the person's own: a language model (GGUF) or a voice (Piper's ONNX). */
  add_model: { args: File; reply: BuiltinModel };
  /** Stops fetching or verifying a model. */
  stop_fetch: { args: Id; reply: Nothing };
  /** Stops a run; what came is kept. Never an error. */
  stop_run: { args: Id; reply: Nothing };
  /** One run. */
  run: { args: Id; reply: Run };
  /** What went over the wire in a run, secrets masked. */
  exchanges: { args: Id; reply: Array<Exchange> };
  /** A run as code that asks the same, in every language. */
  code: { args: Id; reply: Array<Snippet> };
  /** A page of History. */
  runs: { args: ListRuns; reply: RunPage };
  /** Deletes runs; `restore_runs` undoes it until the app closes. */
  delete_runs: { args: Ids; reply: Nothing };
  /** Undoes `delete_runs`. */
  restore_runs: { args: Ids; reply: Nothing };
  /** Stars, tags or annotates runs. */
  mark_runs: { args: MarkRuns; reply: Nothing };
  /** Exports runs with their pictures and parameters. */
  export_runs: { args: ExportRuns; reply: Exported };
  /** A piece of the gallery: pictures that runs made. */
  pictures: { args: ListPictures; reply: PicturePage };
  /** What can be chosen in the filters of History. */
  filter_choices: { args: Nothing; reply: FilterChoices };
  /** One picture's facts, and how it was made as far as its file tells. */
  picture: { args: Address; reply: PictureFacts };
  /** Takes in a picture file of the person's own. */
  open_picture: { args: File; reply: PictureFacts };
  /** Saves a picture where the person wants it, its settings in it. */
  save_picture: { args: SavePicture; reply: Nothing };
  /** Whether a repeated run gave the same pictures. */
  repeated: { args: Id; reply: Repeated };
  /** The voices that a model speaks with, as far as they are known; empty where any may be named. */
  voices: { args: ListVoices; reply: Array<Voice> };
  /** Splits a text at its sentences into takes that last so many seconds at most. */
  takes: { args: SplitText; reply: Array<string> };
  /** One sound's facts. */
  sound: { args: Address; reply: SoundFile };
  /** Takes in a sound file of the person's own. */
  open_sound: { args: File; reply: SoundFile };
  /** The shape of a sound, for drawing it. */
  peaks: { args: MakePeaks; reply: Peaks };
  /** Saves a sound, or several joined, where the person wants it. */
  save_sound: { args: SaveSound; reply: Nothing };
  /** Makes a picture ready for sending, and says what it will cost. */
  prepare_picture: { args: PreparePicture; reply: PreparedPicture };
  /** What the data folder holds. */
  storage: { args: Nothing; reply: Storage };
  /** The queue as it stands; takes up what waited in an app that is gone. */
  queue: { args: Nothing; reply: Queue };
  /** Lets the queue rest or go on. */
  pause_queue: { args: PauseQueue; reply: Queue };
  /** Gives a waiting run another place. */
  move_run: { args: MoveRun; reply: Queue };
  /** Stops several runs, waiting or under way. Never an error. */
  stop_runs: { args: Ids; reply: Nothing };
  /** All conversations of a kind, newest first. */
  conversations: { args: ListConversations; reply: Array<ConversationSummary> };
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
  /** All tables, newest first. */
  tables: { args: Nothing; reply: Array<Table> };
  /** Makes a table of many rows; nothing runs yet. */
  make_table: { args: MakeTable; reply: Table };
  /** Looks into a CSV or JSONL file. */
  columns: { args: File; reply: Columns };
  /** A piece of a table. */
  table_rows: { args: ListRows; reply: RowPage };
  /** Works on a table's rows, several at a time. */
  run_table: { args: RunTable; reply: Table };
  /** Stops working on a table; what has come is kept. */
  rest_table: { args: Id; reply: Table };
  /** Writes an answer in place of the model's, or takes the model's again. */
  edit_row: { args: EditRow; reply: TableRow };
  /** Writes a table to a file, or beside its pictures. */
  export_table: { args: ExportTable; reply: TableFile };
  /** Deletes a table; its runs stay in History. `restore_table` undoes it until the app closes. */
  delete_table: { args: Id; reply: Nothing };
  /** Undoes `delete_table`. */
  restore_table: { args: Id; reply: Nothing };
  /** What search by meaning can do now. */
  meanings: { args: Nothing; reply: Meanings };
}

/** Commands that answer with events. */
export interface Streams {
  /** Starts a run: stored first, then sent. */
  start_run: { args: StartRun; event: RunEvent };
  /** Follows a run that is under way (after a reload of the page): first one delta with all that came, then what comes. A run that has ended gives its ending at once. */
  watch_run: { args: Id; event: RunEvent };
  /** Signs in to Hugging Face with a code that the person enters in their browser. */
  sign_in: { args: SignIn; event: SignInEvent };
  /** Fetches a built-in model. */
  fetch_model: { args: Id; event: FetchEvent };
  /** Checks a model's hash. */
  verify_model: { args: Id; event: FetchEvent };
  /** Follows a table: its rows as they change, at most ten times a second. */
  watch_table: { args: Id; event: TableEvent };
}
