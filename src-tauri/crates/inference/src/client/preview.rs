//! What a call would send first, without sending it: the truth behind "View code".

use limerick_tasks::Result;

use super::Client;
use super::plan::{Plan, Route};
use crate::key::Key;
use crate::providers::WireTask;
use crate::wire::Request;

/// The first request of a call, without its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// What would be sent; the key and a server's own headers are not in it.
    pub request: Request,
    /// Who would be asked; `None` where the router or a server chooses.
    pub provider: Option<String>,
    /// The header that the key would stand in, up to the key itself (`Authorization: Bearer `); `None` where
    /// none goes along.
    pub key: Option<&'static str>,
}

impl Client {
    /// Writes the request that [`Client::run`] would begin with. The Hub alone may be asked, for a mapping that is
    /// not remembered.
    ///
    /// # Errors
    /// As [`Client::run`], before anything is sent to a provider.
    pub async fn preview<T: WireTask>(&self, route: &Route, input: &T::Input) -> Result<Preview> {
        T::check(input)?;
        let plan: Plan<T> = self.plan(route, input, &mut |_| {}).await?;
        let key = plan.credentials.key.as_ref().map(Key::head);
        Ok(Preview { request: plan.written.request, provider: plan.provider, key })
    }
}
