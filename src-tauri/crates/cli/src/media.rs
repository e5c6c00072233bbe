//! Pictures and sounds in an input: `@PATH` and https addresses become the `data:` URIs that tasks take.

use limerick_playground::{Preparing, prepared};
use limerick_tasks::Media;
use serde_json::{Map, Value};

use crate::{Stop, place, tasks::Row};

/// The largest file that is sent, in bytes: providers take far less.
const LARGEST: u64 = 64 << 20;

/// Reads a file that the person named.
pub(crate) fn file(path: &str) -> Result<Vec<u8>, Stop> {
    let unreadable = |cause| Stop::Usage(format!("the file {path} cannot be read: {cause}."));
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if about.len() > LARGEST {
        return Err(Stop::Usage(format!("the file {path} is larger than 64 MiB. Make it smaller.")));
    }
    std::fs::read(path).map_err(unreadable)
}

/// A picture that is shown in a chat: made ready for sending, or the address that a server fetches it from.
pub(crate) fn picture(given: &str) -> Result<String, Stop> {
    if ["https://", "data:"].iter().any(|scheme| given.starts_with(scheme)) {
        return Ok(given.to_owned());
    }
    let path = given.strip_prefix('@').unwrap_or(given);
    let refused = |error: limerick_tasks::Error| Stop::Usage(format!("{path}: {}", error.message));
    Ok(prepared(&file(path)?, Preparing::default()).map_err(refused)?.data_uri())
}

/// Replaces what stands for a picture or a sound: in the task's own field, and in the parts of chat messages.
/// An https address is fetched here for a task's field; in a chat the server fetches it.
pub(crate) async fn resolve(row: &Row, fields: &mut Map<String, Value>) -> Result<(), Stop> {
    if let Some(Value::Array(messages)) = fields.get_mut("messages") {
        return messages
            .iter_mut()
            .filter_map(|one| one["content"].as_array_mut())
            .flatten()
            .try_for_each(part);
    }
    if row.name == "text_generation"
        && let Some(Value::String(prompt)) = fields.get_mut("prompt")
    {
        *prompt = shown(prompt)?;
    }
    let Some(Value::String(text)) = fields.get_mut(row.media) else { return Ok(()) };
    if text.starts_with("https://") {
        *text = place::open()?.media_at(text).await?.data_uri();
    }
    from_file(text)
}

/// A prompt with the pictures in it that it shows as `![](@PATH)`: the form of TGI's servers.
fn shown(prompt: &str) -> Result<String, Stop> {
    let mut parts = prompt.split("![](@");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((path, rest)) = part.split_once(')') else {
            return Err(Stop::Usage("a picture in the prompt has no end: write ![](@PATH).".into()));
        };
        let mut uri = format!("@{path}");
        from_file(&mut uri)?;
        whole.extend(["![](", &uri, ")", rest]);
    }
    Ok(whole)
}

fn part(part: &mut Value) -> Result<(), Stop> {
    match part.pointer_mut("/image_url/url") {
        Some(Value::String(url)) => from_file(url),
        _ => Ok(()),
    }
}

fn from_file(text: &mut String) -> Result<(), Stop> {
    if let Some(path) = text.strip_prefix('@') {
        let media = Media::new(file(path)?, "");
        if !media.is_image() && !media.is_audio() {
            return Err(Stop::Usage(format!("the file {path} is neither a picture nor a sound.")));
        }
        *text = media.data_uri();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;
    use crate::tasks;

    const GIF: &[u8] = b"GIF89a";

    async fn resolved(task: &str, input: Value) -> Result<Value, Stop> {
        let Value::Object(mut fields) = input else { return Err(Stop::Usage("no object".into())) };
        resolve(tasks::named(task)?, &mut fields).await?;
        Ok(Value::Object(fields))
    }

    #[tokio::test]
    async fn a_path_becomes_a_data_uri_in_a_field_and_in_a_chat() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gif");
        std::fs::write(&path, GIF).unwrap();
        let named = format!("@{}", path.display());
        let uri = Media::new(GIF, "").data_uri();
        let input = resolved("image_to_text", json!({"image": named, "model": "@m"})).await.unwrap();
        assert_eq!(input, json!({"image": uri, "model": "@m"}));
        let prompt = |url: &str| json!({"prompt": format!("User:![]({url})What?")});
        assert_eq!(resolved("text_generation", prompt(&named)).await.unwrap(), prompt(&uri));
        let part =
            |url: &str| json!({"messages": [{"content": [{"image_url": {"url": url}}]}, {"content": "@a"}]});
        assert_eq!(resolved("chat_completion", part(&named)).await.unwrap(), part(&uri));
        let far = part("https://example.org/a.png");
        assert_eq!(resolved("chat_completion", far.clone()).await.unwrap(), far);
    }

    #[tokio::test]
    async fn a_file_that_is_no_picture_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "hello").unwrap();
        for path in [path.display().to_string(), folder.path().join("gone").display().to_string()] {
            let refused = resolved("image_to_text", json!({ "image": format!("@{path}") })).await;
            assert!(matches!(refused, Err(Stop::Usage(message)) if message.contains(&path)));
        }
    }
}
