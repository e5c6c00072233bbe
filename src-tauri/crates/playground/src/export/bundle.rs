//! Where an export goes: a new folder, or one zip file. Under another name until it is whole.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use uuid::Uuid;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::ExportForm;
use crate::{account::date, store::now};

/// An export that is being written; dropped before its end it leaves nothing.
pub(super) struct Bundle {
    part: PathBuf,
    whole: PathBuf,
    form: Form,
}

enum Form {
    Folder,
    /// Until it is finished.
    Zip(Option<Box<ZipWriter<BufWriter<File>>>>),
}

impl Bundle {
    /// Begins in the folder `path`, or beside the zip file `path`.
    pub(super) fn begin(path: &Path, form: ExportForm) -> io::Result<Self> {
        let hidden = format!(".limerick-{}.part", Uuid::now_v7().simple());
        match form {
            ExportForm::Folder => {
                let part = path.join(hidden);
                fs::create_dir(&part)?;
                Ok(Self { part, whole: free(path), form: Form::Folder })
            }
            ExportForm::Zip => {
                let part = path.with_file_name(hidden);
                let file = BufWriter::new(File::create_new(&part)?);
                let form = Form::Zip(Some(Box::new(ZipWriter::new(file))));
                Ok(Self { part, whole: path.to_owned(), form })
            }
        }
    }

    /// Adds a file. Pictures and sounds do not get smaller: everything is stored as it is.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match &mut self.form {
            Form::Folder => {
                let mut file = File::create_new(self.part.join(name))?;
                file.write_all(bytes)?;
                file.sync_all()
            }
            Form::Zip(None) => Err(io::Error::other("the zip file is finished")),
            Form::Zip(Some(zip)) => {
                let plain = SimpleFileOptions::default()
                    .compression_method(CompressionMethod::Stored)
                    .large_file(bytes.len() as u64 >= u64::from(u32::MAX));
                zip.start_file(name, plain)?;
                zip.write_all(bytes)
            }
        }
    }

    /// Gives it its name, which is given back.
    pub(super) fn finish(mut self) -> io::Result<PathBuf> {
        if let Form::Zip(zip) = &mut self.form
            && let Some(zip) = zip.take()
        {
            let file = zip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
        }
        fs::rename(&self.part, &self.whole)?;
        Ok(self.whole.clone())
    }
}

impl Drop for Bundle {
    fn drop(&mut self) {
        // Both fail where it was finished, and then there is nothing to remove.
        let _ = match self.form {
            Form::Folder => fs::remove_dir_all(&self.part),
            Form::Zip(_) => fs::remove_file(&self.part),
        };
    }
}

/// A name for a new folder that nothing has yet.
fn free(parent: &Path) -> PathBuf {
    let day = date(u64::try_from(now() / 1000).unwrap_or_default());
    let name = |number: u32| match number {
        1 => format!("Limerick {day}"),
        _ => format!("Limerick {day} ({number})"),
    };
    let taken = |folder: &PathBuf| !folder.exists();
    (1..=u32::MAX).map(|number| parent.join(name(number))).find(taken).unwrap_or_else(|| parent.join(name(1)))
}
