//! Why the Hub refuses, from its `X-Error-Code` (hf-api 5.1), with the next step.

use limerick_tasks::{Error, ErrorCode};
use url::Url;

use crate::address;

/// What the Hub says of a bad token, which is the one 401 that is not about the model.
const BAD_TOKEN: &str = "Invalid credentials in Authorization header";

/// The page of a model, where its terms are accepted.
pub(crate) fn page(hub: &Url, model: &str) -> Url {
    address::join(hub, &format!("/{model}"))
}

/// Says what an error of the Hub means for this model. The Hub answers 401 for models that do not exist, as for
/// private ones.
pub(crate) fn explain(error: Error, mark: &str, model: &str, hub: &Url) -> Error {
    let with = |code, message: String| Error { code, message, ..error.clone() };
    match (mark, error.status) {
        _ if error.code == ErrorCode::Gated => {
            let page = page(hub, model);
            let message = format!(
                "The model wants its terms accepted: accept those of {model} at {page} with the account of your \
                 token, then try again."
            );
            Error { page: Some(page.into()), ..with(ErrorCode::Gated, message) }
        }
        ("GatedRepo", Some(401)) => with(
            ErrorCode::Auth,
            format!("{model} is gated: add a token of an account that has accepted its terms."),
        ),
        ("RevisionNotFound" | "EntryNotFound", _) => {
            with(ErrorCode::Model, format!("{model} has no such file on Hugging Face: choose another model."))
        }
        ("RepoNotFound", _) | (_, Some(404)) => with(ErrorCode::Model, unknown_model(model)),
        (_, Some(401)) if !error.message.contains(BAD_TOKEN) => with(ErrorCode::Model, unknown_model(model)),
        _ => error,
    }
}

fn unknown_model(model: &str) -> String {
    format!("Hugging Face knows no model {model} that this token may see: check its name.")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_mark_has_its_code_and_a_gated_model_its_page() {
        let hub = Url::parse("https://huggingface.co").unwrap();
        for (status, mark, words, want) in [
            (403, "GatedRepo", "restricted", ErrorCode::Gated),
            (403, "GatedRepo", "Enable it in your token settings", ErrorCode::Auth),
            (401, "GatedRepo", "restricted", ErrorCode::Auth),
            (404, "RepoNotFound", "", ErrorCode::Model),
            (401, "", "Invalid username or password", ErrorCode::Model),
            (401, "", BAD_TOKEN, ErrorCode::Auth),
            (404, "EntryNotFound", "", ErrorCode::Model),
            (404, "RevisionNotFound", "", ErrorCode::Model),
            (500, "", "", ErrorCode::Provider),
        ] {
            let code = match (status, words) {
                (500, _) => ErrorCode::Provider,
                (403, "restricted") => ErrorCode::Gated,
                _ => ErrorCode::Auth,
            };
            let told = explain(Error::new(code, words).with_status(status), mark, "a/b", &hub);
            assert_eq!(told.code, want, "{status} {mark} {words}");
            let page = told.page.filter(|page| told.message.contains(page.as_str()));
            let wanted = (want == ErrorCode::Gated).then_some("https://huggingface.co/a/b");
            assert_eq!(page.as_deref(), wanted, "{status} {mark} {words}");
        }
    }
}
