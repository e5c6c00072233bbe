//! One row a provider, one column a task: what `PROVIDERS` is made of. A column is added here, in one line.

use limerick_tasks::{ChatCompletion, ChatDelta, ChatOutput, Task, TextDelta, TextGeneration, TextOutput};

use super::{Adapter, OPEN_CHAT, OPEN_COMPLETIONS, Style, TGI_CHAT, tgi};

/// A task that goes over the wire.
pub trait WireTask: Task {
    /// The task's name in the Hub's provider mappings.
    const MAPPING: &'static str;
    /// The provider's column for this task; `None` when it does not offer it.
    fn column(provider: &Provider) -> Option<&'static dyn Adapter<Self>>;
    /// The adapter for the router's own choice of a provider; `None` when the client must choose.
    fn automatic() -> Option<&'static dyn Adapter<Self>>;
    /// The adapter for a server by address; `None` when no kind of server offers this task.
    fn server(style: Style) -> Option<&'static dyn Adapter<Self>>;
    /// A whole answer as the one delta it consists of, so that deltas always add up to the output; `None`
    /// for a task that has no deltas.
    fn as_delta(output: &Self::Output) -> Option<Self::Delta>;
    /// Notes which provider answered, unless the answer said so.
    fn credit(output: &mut Self::Output, provider: &str);
}

/// Writes `Provider` and the columns' half of `WireTask`.
macro_rules! columns {
    ($($(#[doc = $about:literal])+ $column:ident: $task:ident = $mapping:literal, $rest:tt;)+) => {
        /// One provider: where it lives and how each task is asked there.
        #[derive(Clone, Copy)]
        pub struct Provider {
            /// Its name in mappings, in the router's paths and in `:suffix`.
            pub name: &'static str,
            /// Its name on screen.
            pub title: &'static str,
            /// Its own host; `None` when it is reached through the router only.
            pub base: Option<&'static str>,
            /// Whether the router leads to it; otherwise it wants its own key.
            pub routed: bool,
            /// Whether the Hub's mapping translates model ids for it.
            pub mapped: bool,
            $($(#[doc = $about])+ pub $column: Option<&'static dyn Adapter<$task>>,)+
        }

        impl Provider {
            /// A row without a host of its own and without tasks; the router leads to it.
            pub(super) const fn named(name: &'static str, title: &'static str) -> Self {
                Self { name, title, base: None, routed: true, mapped: true, $($column: None,)+ }
            }

            /// The tasks that it offers, by their names.
            pub fn tasks(&self) -> Vec<&'static str> {
                let mut tasks = Vec::new();
                $(if self.$column.is_some() { tasks.push(<$task as Task>::NAME); })+
                tasks
            }
        }

        $(impl WireTask for $task {
            const MAPPING: &'static str = $mapping;
            fn column(provider: &Provider) -> Option<&'static dyn Adapter<Self>> {
                provider.$column
            }
            columns!(@rest $rest);
        })+
    };
    // The task streams, or credits its provider: it says the rest itself.
    (@rest { $($rest:item)* }) => { $($rest)* };
    // The task answers in one piece: `server` is all there is to say.
    (@rest ($server:expr)) => {
        fn automatic() -> Option<&'static dyn Adapter<Self>> {
            None
        }
        fn server(style: Style) -> Option<&'static dyn Adapter<Self>> {
            let server: fn(Style) -> Option<&'static dyn Adapter<Self>> = $server;
            server(style)
        }
        fn as_delta(_: &Self::Output) -> Option<Self::Delta> {
            None
        }
        fn credit(_: &mut Self::Output, _: &str) {}
    };
}

columns! {
    /// Chat.
    chat_completion: ChatCompletion = "conversational", {
        fn automatic() -> Option<&'static dyn Adapter<Self>> {
            Some(&OPEN_CHAT)
        }
        fn server(style: Style) -> Option<&'static dyn Adapter<Self>> {
            Some(if style == Style::Tgi { &TGI_CHAT } else { &OPEN_CHAT })
        }
        fn as_delta(output: &ChatOutput) -> Option<ChatDelta> {
            Some(ChatDelta { text: output.text.clone(), reasoning: output.reasoning.clone() })
        }
        fn credit(output: &mut ChatOutput, provider: &str) {
            output.provider.get_or_insert_with(|| provider.to_owned());
        }
    };
    /// Raw continuation of a prompt.
    text_generation: TextGeneration = "text-generation", {
        fn automatic() -> Option<&'static dyn Adapter<Self>> {
            None
        }
        fn server(style: Style) -> Option<&'static dyn Adapter<Self>> {
            Some(if style == Style::Tgi { &tgi::Generate } else { &OPEN_COMPLETIONS })
        }
        fn as_delta(output: &TextOutput) -> Option<TextDelta> {
            Some(TextDelta { text: output.text.clone() })
        }
        fn credit(output: &mut TextOutput, provider: &str) {
            output.provider.get_or_insert_with(|| provider.to_owned());
        }
    };
}
