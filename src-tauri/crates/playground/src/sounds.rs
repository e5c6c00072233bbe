//! Sounds of runs and of the person's own: their facts, their shape, what the player plays, and saving them.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
};

use limerick_sound::{
    Clip, Peaks, Sound, SoundFacts, decode, from_bare, join, look, open, peaks, to_flac, to_wav,
};
use limerick_tasks::{Error, ErrorCode, Media, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Address, Playground,
    commands::{File, Nothing},
    keys::off_thread,
    media::{self, LARGEST},
    playground::lock,
    saving::save_as,
    store::{Stored, files::Files, records},
};

/// What the sound of a run is called by.
const RUN: &str = "run:";
/// Endings of files that are samples and nothing else.
const BARE: [&str; 2] = ["raw", "pcm"];
/// Columns that a shape may have.
const COLUMNS: usize = 4096;
/// Shapes that are remembered: each at most 8 kB.
const SHAPES: usize = 512;
/// Sounds that are joined in one file at most.
const JOINED: usize = 1000;
/// Seconds of silence between two at most.
const GAP: f64 = 10.0;

/// One sound by its address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SoundFile {
    /// `media:` and the name of a file.
    pub address: String,
    /// What its file tells.
    #[serde(flatten)]
    pub facts: SoundFacts,
}

/// Which shape to draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MakePeaks {
    /// `media:` and the name of a file; or `run:` and the id of a run: what can be heard of it so far.
    pub address: String,
    /// From 1 to 4096.
    pub columns: usize,
}

/// The form of a sound's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SoundForm {
    /// As it came.
    Received,
    /// WAV, 16 bits.
    Wav,
    /// FLAC, 16 bits.
    Flac,
}

/// Saves a sound, or several joined, where the person wants it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SaveSound {
    /// One, or several to be joined (then in WAV or FLAC): `media:` or `run:` and what follows.
    pub addresses: Vec<String>,
    /// Seconds of silence between two, 0 to 10.
    #[serde(default)]
    #[ts(optional, as = "Option<f64>")]
    pub gap: f64,
    /// Its form.
    pub form: SoundForm,
    /// The file, as picked in a dialog.
    pub path: String,
}

/// Shapes that were drawn, by the file's name and the columns.
#[derive(Default)]
pub(crate) struct Shapes(Mutex<HashMap<(String, usize), Peaks>>);

impl Shapes {
    fn known(&self, name: &str, columns: usize) -> Option<Peaks> {
        lock(&self.0).get(&(name.to_owned(), columns)).cloned()
    }

    fn keep(&self, name: String, columns: usize, shape: Peaks) {
        let mut known = lock(&self.0);
        // Begins anew rather than asking which was looked at last: a list of takes is far shorter.
        if known.len() == SHAPES {
            known.clear();
        }
        known.insert((name, columns), shape);
    }
}

impl Playground {
    /// One sound's facts.
    pub async fn sound(&self, Address { address }: Address) -> Result<SoundFile> {
        let (name, files) = (self.sound_name(&address).await?, self.inner.files.clone());
        off_thread("read this sound", move || {
            let facts = look(&media::read(&files, &name)?.bytes)?;
            Ok(SoundFile { address: media::address_of(&name), facts })
        })
        .await
    }

    /// Takes in a sound file of the person's own.
    ///
    /// # Errors
    /// `input` in plain words for what is no sound, cannot be played, or is too large.
    pub async fn open_sound(&self, File { path }: File) -> Result<SoundFile> {
        let files = self.inner.files.clone();
        off_thread("take in this sound", move || {
            let sound = read_sound(Path::new(&path))?;
            let facts = look(&sound.bytes)?;
            Ok(SoundFile { address: media::address_of(&files.keep(&sound)?), facts })
        })
        .await
    }

    /// The shape of a sound, for drawing it.
    pub async fn peaks(&self, MakePeaks { address, columns }: MakePeaks) -> Result<Peaks> {
        if !(1..=COLUMNS).contains(&columns) {
            return Err(refuse("A shape has from 1 to 4096 columns. Ask for as many."));
        }
        if let Some(clip) = self.growing(&address)? {
            let draw = move || peaks(&to_wav(&Sound::of_clip(&clip)), columns);
            return off_thread("draw this sound", draw).await;
        }
        let name = self.sound_name(&address).await?;
        if let Some(known) = self.inner.shapes.known(&name, columns) {
            return Ok(known);
        }
        let (files, file) = (self.inner.files.clone(), name.clone());
        let draw = move || peaks(&media::read(&files, &file)?.bytes, columns);
        let shape = off_thread("draw this sound", draw).await?;
        self.inner.shapes.keep(name, columns, shape.clone());
        Ok(shape)
    }

    /// Saves a sound, or several joined, where the person wants it.
    pub async fn save_sound(&self, wanted: SaveSound) -> Result<Nothing> {
        if wanted.addresses.is_empty() || wanted.addresses.len() > JOINED {
            return Err(refuse("Pick from 1 to 1000 sounds to save."));
        }
        let mut names = Vec::new();
        for address in &wanted.addresses {
            names.push(self.sound_name(address).await?);
        }
        let files = self.inner.files.clone();
        let save = move || {
            let bytes = in_form(&files, &names, wanted.form, wanted.gap)?;
            save_as("the sound", Path::new(&wanted.path), &bytes)
        };
        off_thread("save this sound", save).await?;
        Ok(Nothing {})
    }

    /// What the player plays for `media:` and the name of a file, or `run:` and the id of a run: while a voice speaks,
    /// what it says as it says it; of a run without a sound yet, its first sound is waited for. Blocks.
    ///
    /// # Errors
    /// `input` in one sentence for what is not there or is no sound.
    pub fn sound_of(&self, sound: &str) -> Result<Arc<Clip>> {
        let Some(id) = sound.strip_prefix(RUN) else {
            return open(media::read(&self.inner.files, &media::name_in(sound)?)?.bytes);
        };
        if let Some(clip) = self.inner.running.find(id).and_then(|live| live.sound.wait()) {
            return Ok(clip);
        }
        let id = id.to_owned();
        let name = self.inner.store.ask_now("find this sound", move |db| made_by(db, id))?;
        open(media::read(&self.inner.files, &name)?.bytes)
    }

    /// What can be heard of a run that is under way; none for one that has ended, and for a file.
    fn growing(&self, address: &str) -> Result<Option<Arc<Clip>>> {
        let live = address.strip_prefix(RUN).and_then(|id| self.inner.running.find(id));
        let Some(live) = live else { return Ok(None) };
        let clip = live.sound.clip().filter(|clip| !clip.is_empty());
        clip.map(Some).ok_or_else(|| refuse("Nothing can be heard of this run yet. Wait a moment."))
    }

    /// The file of an address.
    async fn sound_name(&self, address: &str) -> Result<String> {
        let Some(id) = address.strip_prefix(RUN) else { return media::name_in(address) };
        let id = id.to_owned();
        self.inner.store.ask("find this sound", move |db| made_by(db, id)).await
    }
}

/// A sound in the form that a file's ending asks for, WAV or FLAC; whatever else it is stays as it came.
///
/// # Errors
/// `input` in one sentence for a sound that cannot be read.
pub fn in_form_of(file: &Path, media: &Media) -> Result<Media> {
    let ending = ending(file);
    let other = media.is_audio() && media.extension() != ending;
    match ending.as_str() {
        "wav" if other => Ok(Media::new(to_wav(&decode(&media.bytes)?), "")),
        "flac" if other => Ok(Media::new(to_flac(&decode(&media.bytes)?)?, "")),
        _ => Ok(media.clone()),
    }
}

/// The ending of a name, in lower case.
fn ending(file: &Path) -> String {
    file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The file that a run's voice is in.
fn made_by(db: &rusqlite::Connection, run: String) -> Stored<String> {
    let made = records::of(db, &[run])?.first().and_then(|run| run.made().into_iter().next());
    made.ok_or_else(|| refuse("This run has no sound. Run it again.").into())
}

/// A file of the person's own; samples without a header get one.
fn read_sound(path: &Path) -> Result<Media> {
    let sound = Media::new(media::read_own(path, LARGEST)?, "");
    if BARE.contains(&ending(path).as_str()) && !sound.is_audio() {
        return Ok(Media::new(from_bare(&sound.bytes), ""));
    }
    Ok(sound)
}

/// The bytes of one file. A sound that has the form already stays as it came.
fn in_form(files: &Files, names: &[String], form: SoundForm, gap: f64) -> Result<Vec<u8>> {
    let wanted = match form {
        SoundForm::Received => "",
        SoundForm::Wav => "audio/wav",
        SoundForm::Flac => "audio/flac",
    };
    if let [name] = names {
        let one = media::read(files, name)?;
        if wanted.is_empty() || one.media_type == wanted {
            return Ok(one.bytes.to_vec());
        }
    }
    let sounds =
        names.iter().map(|name| decode(&media::read(files, name)?.bytes)).collect::<Result<Vec<_>>>()?;
    let whole = join(&sounds, if gap.is_finite() { gap.clamp(0.0, GAP) } else { 0.0 });
    match form {
        SoundForm::Received => Err(refuse("Several sounds become one in WAV or FLAC. Choose one of these.")),
        SoundForm::Wav => Ok(to_wav(&whole)),
        SoundForm::Flac => to_flac(&whole),
    }
}

fn refuse(words: &str) -> Error {
    Error::new(ErrorCode::Input, words)
}
