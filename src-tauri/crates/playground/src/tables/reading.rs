//! Reads a row's picture when its turn comes, and makes it ready. Blocks: call it off the async threads.

use std::path::Path;

use limerick_tasks::{Media, Result};

use super::{refuse, sources::place_of};
use crate::{
    Preparing,
    media::{self, LARGEST, read_own},
    preparing::prepared,
    store::files::Files,
};

/// Where nothing else is said: enough to read a sign by.
const USUAL: Preparing = Preparing { max_side: 1024, quality: 85 };

/// A picture as it is sent, and its name among the files of the data folder, where it is kept.
pub(super) fn picture(
    files: &Files,
    folder: Option<&str>,
    item: &str,
    preparing: Option<Preparing>,
) -> Result<(Media, String)> {
    let bytes = match media::name_in(item) {
        Ok(name) => media::read(files, &name)?.bytes.to_vec(),
        Err(_) => read_own(&within(folder, item)?, LARGEST)?,
    };
    let media = prepared(&bytes, preparing.unwrap_or(USUAL))?;
    let name = files.keep(&media)?;
    Ok((media, name))
}

/// Where it lies; a link that was put there since does not lead out of its folder.
fn within(folder: Option<&str>, item: &str) -> Result<std::path::PathBuf> {
    let path = place_of(folder, item)?;
    let gone = |cause| {
        refuse("This picture is no longer where it was. Put it back, then ask this row again.")
            .with_detail(cause)
    };
    let real = path.canonicalize().map_err(gone)?;
    let folder = path.parent().unwrap_or(Path::new("")).canonicalize().map_err(gone)?;
    if path.is_symlink() && !real.starts_with(folder) {
        return Err(refuse(
            "This picture is a link that leads out of its folder. Copy the picture there instead.",
        ));
    }
    Ok(path)
}
