//! Pictures and sounds of the data folder for the page: `media://localhost/<name>`, and `/small/<name>` for the small
//! form. Nothing but these two kinds of path, nothing but our own names, nothing but reading.

use limerick_playground::Playground;
use limerick_tasks::{Error, ErrorCode, Media, Result};
use tauri::{
    AppHandle, Manager, Runtime, UriSchemeResponder,
    http::{Method, Request, Response, StatusCode, header},
};

use crate::ready::Ready;

/// What the addresses begin with.
pub(crate) const SCHEME: &str = "media";

// The page itself, which draws pictures on a canvas; no other page may read them.
const PAGE: &str = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
// A name stands for its bytes for ever.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

/// Answers one request, off the main thread.
pub(crate) fn serve<R: Runtime>(app: &AppHandle<R>, request: Request<Vec<u8>>, to: UriSchemeResponder) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { to.respond(answer(&app, &request).await) });
}

async fn answer<R: Runtime>(app: &AppHandle<R>, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    if request.method() != Method::GET {
        return refusal(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Ok(playground) = app.state::<Ready>().playground() else { return refusal(StatusCode::NOT_FOUND) };
    match find(&playground, request.uri().path()).await {
        Ok(media) => whole(&media),
        Err(error) => {
            tracing::debug!(detail = error.detail, "no picture or sound: {error}");
            refusal(StatusCode::NOT_FOUND)
        }
    }
}

/// What a path stands for. Its percent signs stay as they are: no name of ours has one.
async fn find(playground: &Playground, path: &str) -> Result<Media> {
    let media = match Asked::read(path) {
        Asked::Small(name) => playground.small_media(name).await?,
        Asked::Whole(name) => playground.media(name).await?,
    };
    // A file that lies under one of our names and is something else (a page, an SVG drawing) is not shown.
    if media.is_image() || media.is_audio() {
        return Ok(media);
    }
    Err(Error::new(ErrorCode::Input, "This file is neither a picture nor a sound."))
}

#[derive(Debug, PartialEq, Eq)]
enum Asked<'a> {
    Whole(&'a str),
    Small(&'a str),
}

impl<'a> Asked<'a> {
    fn read(path: &'a str) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        // The page's library writes the slash between the two as `%2F`.
        let small = ["small/", "small%2F"].iter().find_map(|head| path.strip_prefix(head));
        small.map_or(Self::Whole(path), Self::Small)
    }
}

fn whole(media: &Media) -> Response<Vec<u8>> {
    let mut response = Response::new(media.bytes.to_vec());
    let headers = response.headers_mut();
    if let Ok(kind) = media.media_type.parse() {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    let fixed = [(header::CACHE_CONTROL, FOR_EVER), (header::ACCESS_CONTROL_ALLOW_ORIGIN, PAGE)];
    for (name, value) in fixed.into_iter().chain([(header::X_CONTENT_TYPE_OPTIONS, "nosniff")]) {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

fn refusal(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_path_is_a_name_and_a_size_and_nothing_else() {
        assert_eq!(Asked::read("/a.png"), Asked::Whole("a.png"));
        assert_eq!(Asked::read("/small/a.png"), Asked::Small("a.png"));
        assert_eq!(Asked::read("/small%2Fa.png"), Asked::Small("a.png"));
        for path in ["/small/../a.png", "/%2e%2e/a.png", "//a.png", "/files/a.png", "", "/"] {
            let (Asked::Whole(name) | Asked::Small(name)) = Asked::read(path);
            assert!(
                name.is_empty() || name.contains(['/', '%']),
                "{path}: the playground refuses such names"
            );
        }
    }

    #[test]
    fn an_answer_says_what_it_is_and_for_whom() {
        let response = whole(&Media::new(&b"\x89PNG\r\n\x1a\n"[..], ""));
        let said = |name| response.headers().get(name).unwrap().to_str().unwrap();
        assert_eq!(said(header::CONTENT_TYPE), "image/png");
        assert_eq!(said(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(said(header::ACCESS_CONTROL_ALLOW_ORIGIN), PAGE);
        assert!(said(header::CACHE_CONTROL).contains("immutable"));
    }
}
