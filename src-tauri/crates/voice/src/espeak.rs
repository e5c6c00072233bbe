//! The phonemes of languages that are not English, from the program espeak-ng where the person has installed it.
//! It stays a program of its own, under its own licence: text goes in and phonemes come out through pipes.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use limerick_onnx::Stop;
use limerick_tasks::{Error, ErrorCode, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::runtime::{Builder, Runtime};

use crate::clauses::{marks, punctuated};

/// What the program is called, then where it lies when a window was not given the PATH of a terminal.
const PROGRAMS: &[&str] = &[
    "espeak-ng",
    "/opt/homebrew/bin/espeak-ng",
    "/usr/local/bin/espeak-ng",
    "C:\\Program Files\\eSpeak NG\\espeak-ng.exe",
];
/// How long a sentence may take; it takes about 20 ms.
const WAIT: Duration = Duration::from_secs(8);
/// Bytes of phonemes for one sentence at most; 300 digits, read one by one, are 3,000.
const LARGEST: u64 = 64 * 1024;

/// espeak-ng with one of its voices.
pub(crate) struct Espeak {
    programs: Vec<PathBuf>,
    /// The language in espeak-ng's words, such as `de` or `pt-br`.
    voice: String,
    /// The language in words, where the voice's file says it.
    language: Option<String>,
    wait: Duration,
    runtime: Runtime,
}

impl Espeak {
    /// # Errors
    /// `Model` where `voice` is no name of a language; whether the program is there shows at the first sentence.
    pub(crate) fn new(voice: &str, language: Option<String>) -> Result<Self> {
        if !is_name(voice) {
            let message = "The voice's .json file names no language; get it again from where it came.";
            let shown: String = voice.chars().take(40).collect();
            return Err(Error::new(ErrorCode::Model, message).with_detail(format!("espeak voice {shown:?}")));
        }
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| Error::internal("prepare espeak-ng", cause))?;
        let programs = PROGRAMS.iter().map(PathBuf::from).collect();
        Ok(Self { programs, voice: voice.to_owned(), language, wait: WAIT, runtime })
    }

    /// The language that the voice speaks, such as `de` or `pt-br`.
    pub(crate) fn voice(&self) -> &str {
        &self.voice
    }

    /// The phonemes of a sentence, its punctuation kept; nothing when it was stopped.
    ///
    /// # Errors
    /// `Model` where the program is not there or does not know the language, `Internal` where it fails otherwise.
    pub(crate) fn phonemes(&self, text: &str, stop: &Stop) -> Result<Option<String>> {
        let answer = self.runtime.block_on(self.answer(text, stop))?;
        let said = |lines: String| {
            let phonemes = punctuated(&lines, &marks(text));
            // Piper's Brazilian voices learnt this one sound so.
            if self.voice == "pt-br" { phonemes.replace('c', "k") } else { phonemes }
        };
        Ok(answer.map(said))
    }

    /// What the program writes for a text; it has ended when this returns.
    async fn answer(&self, text: &str, stop: &Stop) -> Result<Option<String>> {
        if stop.is_stopped() {
            return Ok(None);
        }
        let mut child = self.start()?;
        let answer = tokio::select! {
            biased;
            () = stop.stopped() => None,
            answer = tokio::time::timeout(self.wait, talk(&mut child, text)) => Some(answer),
        };
        // One that has ended by itself does not mind.
        let _ = child.kill().await;
        match answer {
            None => Ok(None),
            Some(Ok(answer)) => answer.map(Some),
            Some(Err(_)) => {
                let message = "The program espeak-ng did not answer in time; try again.";
                Err(Error::new(ErrorCode::Internal, message).with_detail(format!("after {:?}", self.wait)))
            }
        }
    }

    fn start(&self) -> Result<Child> {
        for program in &self.programs {
            match command(program, &self.voice).spawn() {
                Ok(child) => return Ok(child),
                Err(cause) if cause.kind() == ErrorKind::NotFound => {}
                Err(cause) => return Err(Error::internal("start the program espeak-ng", cause)),
            }
        }
        let speaks = match &self.language {
            Some(language) => format!("speaks {language}"),
            None => "does not speak English".to_owned(),
        };
        let message = format!("This voice {speaks}. Install the program espeak-ng, then try again.");
        Err(Error::new(ErrorCode::Model, message))
    }
}

/// Quiet, IPA without ties as Piper's own phonemizer has it, UTF-8, a whole text through standard input.
fn command(program: &Path, voice: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["-q", "--ipa", "-b", "1", "-v", voice, "--stdin"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    #[cfg(windows)]
    {
        /// From `winbase.h`: no console window.
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(CREATE_NO_WINDOW);
    }
    command
}

/// Writes the text and reads all that comes back.
async fn talk(child: &mut Child, text: &str) -> Result<String> {
    let (to, from) = (child.stdin.take(), child.stdout.take());
    let write = async {
        if let Some(mut to) = to {
            // A program that does not read has ended, and says how; dropping the pipe ends the text.
            let _ = to.write_all(text.as_bytes()).await;
        }
    };
    let mut said = Vec::new();
    let read = async {
        match from {
            Some(from) => from.take(LARGEST + 1).read_to_end(&mut said).await,
            None => Ok(0),
        }
    };
    let ((), read) = tokio::join!(write, read);
    read.map_err(|cause| strange(&cause))?;
    if u64::try_from(said.len()).unwrap_or(u64::MAX) > LARGEST {
        return Err(strange(&"more phonemes than a sentence can have"));
    }
    let status = child.wait().await.map_err(|cause| strange(&cause))?;
    if !status.success() {
        let message = "The program espeak-ng does not speak this voice's language; install a newer one.";
        return Err(Error::new(ErrorCode::Model, message).with_detail(status));
    }
    String::from_utf8(said).map_err(|cause| strange(&cause))
}

fn strange(cause: &dyn std::fmt::Display) -> Error {
    let message = "The program espeak-ng gave no phonemes; install it again.";
    Error::new(ErrorCode::Internal, message).with_detail(cause)
}

/// Whether this can be a voice of espeak-ng, and can be nothing else on a command line.
fn is_name(voice: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-+_".contains(&byte);
    voice.len() <= 20
        && voice.starts_with(|first: char| first.is_ascii_lowercase())
        && voice.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn espeak(program: PathBuf, language: Option<&str>) -> Espeak {
        let real = Espeak::new("de", language.map(str::to_owned)).unwrap();
        Espeak { programs: vec![program], wait: Duration::from_secs(60), ..real }
    }

    #[test]
    fn a_program_that_is_not_there_is_one_plain_error_with_the_next_step() {
        let nowhere = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("no-espeak-ng");
        let said = |language| espeak(nowhere(), language).phonemes("Hallo.", &Stop::default()).unwrap_err();
        let error = said(Some("German"));
        assert_eq!(error.code, ErrorCode::Model);
        assert_eq!(error.message, "This voice speaks German. Install the program espeak-ng, then try again.");
        assert!(said(None).message.starts_with("This voice does not speak English. Install"));
    }

    #[test]
    fn only_a_name_of_a_language_reaches_the_command_line() {
        for name in ["de", "pt-br", "es-419", "en-gb-x-rp", "de+f1"] {
            assert!(Espeak::new(name, None).is_ok(), "{name}");
        }
        for name in ["", "-w", "--phonout=x", "../de", "de;ls", "DE", "d e", "de\n", "ä", &"d".repeat(21)] {
            assert_eq!(Espeak::new(name, None).err().unwrap().code, ErrorCode::Model, "{name:?}");
        }
    }

    #[cfg(unix)]
    mod with_a_program_of_that_name {
        use std::fs;
        use std::os::unix::fs::PermissionsExt;
        use std::time::Instant;

        use super::*;

        /// What a stand-in does, and how the message about it begins.
        const AMISS: &[(&str, &str)] = &[
            ("exec sleep 60", "The program espeak-ng did not answer in time"),
            ("printf '\\377\\376'", "The program espeak-ng gave no phonemes"),
            ("while :; do echo aaaaaaaaaaaaaaaaaaaa; done", "The program espeak-ng gave no phonemes"),
            ("exit 1", "The program espeak-ng does not speak this voice's language"),
        ];

        /// All stand-ins are written before the first one starts: a program that is open for writing cannot.
        #[test]
        fn whatever_it_does_is_an_answer_or_one_plain_error_soon() {
            let folder = tempfile::tempdir().unwrap();
            let write = |name: &str, does: &str| {
                let path = folder.path().join(name);
                fs::write(&path, format!("#!/bin/sh\n{does}\n")).unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
                path
            };
            let repeats = write("repeats", "[ \"$*\" = '-q --ipa -b 1 -v de --stdin' ] && cat");
            let deaf = write("deaf", "echo ja");
            let amiss: Vec<PathBuf> =
                AMISS.iter().enumerate().map(|(at, (does, _))| write(&at.to_string(), does)).collect();

            let said =
                |program: &PathBuf| espeak(program.clone(), None).phonemes("a b, c?", &Stop::default());
            assert_eq!(said(&repeats).unwrap().unwrap(), "a b, c??");
            assert_eq!(said(&deaf).unwrap().unwrap(), "ja?");
            let started = Instant::now();
            for (program, (does, message)) in amiss.iter().zip(AMISS) {
                let mut waiting = espeak(program.clone(), None);
                if does.contains("sleep") {
                    waiting.wait = Duration::from_secs(1);
                }
                let error = waiting.phonemes("Hallo.", &Stop::default()).unwrap_err();
                assert!(error.message.starts_with(message), "{does}: {error}");
            }
            let stop = Stop::default();
            std::thread::scope(|threads| {
                threads.spawn(|| stop.stop());
                assert_eq!(espeak(amiss[0].clone(), None).phonemes("Hallo.", &stop).unwrap(), None);
            });
            assert!(started.elapsed() < Duration::from_secs(55), "{:?}", started.elapsed());
        }
    }
}
