// The Hugging Face account as Settings shows it: who can pay, tokens that other programs keep, a sign-in under way.
import type { Account, FoundToken, SignInEvent } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { announce } from "../shared/announce.svelte";

/** A sign-in: the code to enter once it is known, or why it ended. */
export interface SignIn {
  busy: boolean;
  code?: string;
  page?: string;
  problem?: string;
}

class AccountState {
  /** The account, where it is known. */
  current = $state.raw<Account | undefined>();
  /** Tokens of other programs that are not used yet. */
  tokens = $state.raw<FoundToken[]>([]);
  /** The sign-in under way, or how it ended. */
  signIn = $state<SignIn>({ busy: false });

  /** Looks for tokens and, where there is one in use, for its account. What is not found is not shown. */
  async load(hasKey: boolean): Promise<void> {
    const tokens = await host()
      .call("found_tokens", {})
      .catch(() => []);
    this.tokens = tokens.filter((token) => !token.in_use);
    this.current = hasKey
      ? await host()
          .call("whoami", { refresh: false })
          .catch(() => undefined)
      : undefined;
  }

  /** Keeps a token that was found; rejects when it cannot be kept. */
  async use(token: FoundToken): Promise<void> {
    await host().call("use_token", { id: token.id, allow_file: false });
    announce("Key kept.");
  }

  /** Signs in; `done` is called when the token is kept. */
  start(done: () => void): void {
    this.signIn = { busy: true };
    host()
      .stream("sign_in", { allow_file: false }, (event) => this.#take(event, done))
      .catch((reason: unknown) => {
        this.signIn = { busy: false, problem: asFailure(reason).message };
      });
  }

  /** Stops the sign-in. */
  async stop(): Promise<void> {
    await host().call("stop_sign_in", {});
  }

  #take(event: SignInEvent, done: () => void): void {
    if (event.kind === "code") {
      this.signIn = { busy: true, code: event.code, page: event.page };
      announce(`Enter the code ${event.code} on the page of Hugging Face.`);
    } else if (event.kind === "failed") {
      this.signIn = { busy: false, problem: event.message };
    } else {
      this.signIn = { busy: false };
      if (event.kind === "done") done();
    }
  }
}

/** The account. */
export const account = new AccountState();
