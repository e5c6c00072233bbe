//! The rows of the contract that read and change the history: runs and conversations.

use limerick_tasks::{Error, ErrorCode, Result, Role};

use crate::{
    Conversation, ConversationSummary, ListConversations, ListRuns, Playground, Run, RunPage,
    commands::{EditMessage, Id, Ids, MarkRuns, Nothing, SetText},
    store::{conversations, marks, runs},
};

impl Playground {
    /// One run.
    pub async fn run(&self, Id { id }: Id) -> Result<Run> {
        self.inner.store.ask("read this run", move |db| runs::get(db, &id)).await
    }

    /// A page of History.
    pub async fn runs(&self, wanted: ListRuns) -> Result<RunPage> {
        if wanted.filter.by_meaning && !wanted.filter.query.trim().is_empty() {
            return self.runs_by_meaning(wanted).await;
        }
        self.inner.store.ask("read your history", move |db| runs::list(db, &wanted)).await
    }

    /// Deletes runs; `restore_runs` undoes it until the app closes. Those under way are stopped.
    pub async fn delete_runs(&self, Ids { ids }: Ids) -> Result<Nothing> {
        for id in ids.iter().filter(|id| self.inner.running.find(id).is_some()) {
            self.inner.running.stop(id);
        }
        self.inner.store.ask("delete these runs", move |db| runs::set_deleted(db, &ids, true)).await?;
        Ok(Nothing {})
    }

    /// Undoes `delete_runs`.
    pub async fn restore_runs(&self, Ids { ids }: Ids) -> Result<Nothing> {
        self.inner.store.ask("bring these runs back", move |db| runs::set_deleted(db, &ids, false)).await?;
        Ok(Nothing {})
    }

    /// Stars, tags or annotates runs.
    pub async fn mark_runs(&self, marks: MarkRuns) -> Result<Nothing> {
        self.inner.store.ask("mark these runs", move |db| marks::mark(db, &marks)).await?;
        Ok(Nothing {})
    }

    /// All conversations, newest first.
    pub async fn conversations(
        &self,
        ListConversations { kind }: ListConversations,
    ) -> Result<Vec<ConversationSummary>> {
        self.inner.store.ask("read your conversations", move |db| conversations::list(db, kind)).await
    }

    /// One conversation with its open path.
    pub async fn conversation(&self, Id { id }: Id) -> Result<Conversation> {
        self.inner.store.ask("read this conversation", move |db| conversations::get(db, &id)).await
    }

    /// Names a conversation; an empty name takes the first words again.
    pub async fn set_title(&self, named: SetText) -> Result<Nothing> {
        self.inner
            .store
            .ask("name this conversation", move |db| conversations::set_title(db, &named))
            .await?;
        Ok(Nothing {})
    }

    /// Sets a conversation's system prompt for the turns to come.
    pub async fn set_system(&self, system: SetText) -> Result<Nothing> {
        let doing = "change this conversation";
        self.inner.store.ask(doing, move |db| conversations::set_system(db, &system)).await?;
        Ok(Nothing {})
    }

    /// Opens the path that leads through this message to its newest end.
    pub async fn open_branch(&self, Id { id }: Id) -> Result<Conversation> {
        self.inner.store.ask("open this branch", move |db| conversations::open_branch(db, &id)).await
    }

    /// Writes a message beside another.
    pub async fn edit_message(&self, edit: EditMessage) -> Result<Conversation> {
        if !matches!(edit.role, Role::User | Role::Assistant) {
            return Err(Error::new(ErrorCode::Input, "Only what you or the model said can be edited."));
        }
        self.inner.store.ask("keep this message", move |db| conversations::edit(db, &edit)).await
    }

    /// Deletes a conversation with its runs; `restore_conversation` undoes it until the app closes.
    pub async fn delete_conversation(&self, Id { id }: Id) -> Result<Nothing> {
        let doing = "delete this conversation";
        let runs = self.inner.store.ask(doing, move |db| conversations::set_deleted(db, &id, true)).await?;
        for run in runs.iter().filter(|run| self.inner.running.find(run).is_some()) {
            self.inner.running.stop(run);
        }
        Ok(Nothing {})
    }

    /// Undoes `delete_conversation`.
    pub async fn restore_conversation(&self, Id { id }: Id) -> Result<Nothing> {
        let doing = "bring this conversation back";
        self.inner.store.ask(doing, move |db| conversations::set_deleted(db, &id, false)).await?;
        Ok(Nothing {})
    }
}
