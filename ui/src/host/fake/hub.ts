// The fake's Hub: an account with an organisation, a token in the usual file, and a sign-in that waits.
import type { Account, Commands, FoundToken, Streams } from "../../bindings";
import { gone } from "./gone";
import type { FakeStore } from "./store";

const AGE = { at: 1_790_000_000_000 };

const ACCOUNT: Account = {
  who: {
    kind: "user",
    name: "someone",
    fullname: "Some One",
    is_pro: false,
    can_pay: true,
    period_end: null,
    billing_mode: null,
    orgs: [{ name: "acme", fullname: "Acme", can_pay: true, plan: "team", role: "admin", period_end: null }],
    token_name: "test",
    token_role: "read",
    token_scopes: [],
    token_expires: null,
    may_read_gated: null,
    may_infer: true,
  },
  source: "HF_TOKEN",
  age: AGE,
};

const TOKENS: FoundToken[] = [
  { id: "HF_TOKEN", place: "HF_TOKEN", in_use: true },
  { id: "~/.cache/huggingface/token", place: "~/.cache/huggingface/token", in_use: false },
];

/** Everything that is asked of the Hub. */
export class FakeHub {
  readonly #store: FakeStore;
  #stop: (() => void) | undefined;

  constructor(store: FakeStore) {
    this.#store = store;
  }

  /** The commands that it answers. */
  answers(): Partial<{ [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] }> {
    return {
      found_tokens: () => TOKENS,
      use_token: () => this.#store.keyed("hf", true),
      whoami: () => ACCOUNT,
      rate_limits: () => [],
      search_models: () => ({ models: [], age: AGE }),
      model_card: ({ model }) => {
        throw gone(model);
      },
      bark_routes: () => [],
      stop_sign_in: () => {
        this.#stop?.();
        return {};
      },
    };
  }

  /** The streams that it answers. */
  flows(): Partial<{
    [K in keyof Streams]: (args: Streams[K]["args"], on: (event: Streams[K]["event"]) => void) => void;
  }> {
    return {
      sign_in: (_, on) => {
        this.#stop = () => on({ kind: "cancelled" });
        on({
          kind: "code",
          code: "AB-CD",
          page: "https://huggingface.co/device?code=AB-CD",
          expires_in: 900,
        });
      },
    };
  }
}
