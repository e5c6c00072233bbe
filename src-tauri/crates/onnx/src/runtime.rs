//! The ONNX Runtime: a library that is loaded when it is first used, and sessions that run a model with it.

use std::fmt::Display;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use limerick_tasks::{Error, ErrorCode, Result};
pub use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::session::{RunOptions, Session, SessionInputValue};
use ort::value::{PrimitiveTensorElementType, Tensor};

use crate::stop::Stop;

/// What a model reads under one name.
pub type Input<'a> = (&'static str, SessionInputValue<'a>);

/// Where the runtime looks for weights that a model's graph names by their file.
const FOLDER_OF_WEIGHTS: &str = "session.model_external_initializers_file_folder_path";

/// The library can be set up once in a process, and stays until its end.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// The runtime, from the library at `path`; a path that comes after the first one is not looked at any more.
/// `name` is what people know the library by: “The speech library”.
///
/// Take none from 1.29 on as Microsoft packs it for Linux and macOS: it reports to them before it can be told not to.
///
/// # Errors
/// `Internal` where there is no such library, or one that is older than 1.17.
pub fn environment(path: &Path, name: &str) -> Result<Environment> {
    let mut set_up = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = &*set_up {
        return Ok(environment.clone());
    }
    let refused = |cause: &dyn Display| {
        let message = format!("{name} could not be loaded; install Limerick again.");
        Error::new(ErrorCode::Internal, message).with_detail(cause)
    };
    if !path.is_file() {
        return Err(refused(&format!("{} is not there", path.display())));
    }
    let builder = ort::init_from(path).map_err(|cause| refused(&cause))?;
    let environment = builder.with_telemetry(false).build().map_err(|cause| refused(&cause))?;
    // What goes wrong comes back as an error; the rest is of no use on a terminal.
    environment.set_log_level(LogLevel::Fatal);
    Ok(set_up.insert(environment).clone())
}

/// How a model is run, and what people are told when it cannot be.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// Threads that compute.
    pub threads: usize,
    /// Whether the last level of optimisation is used, which puts numbers in another order in memory.
    pub last_level: bool,
    /// Whether every computation has the same shapes, so that a plan of the memory for one fits the next.
    pub same_shapes: bool,
    /// Whether the weights are also kept in the order that the processor likes best: a twentieth quicker, and twice the
    /// memory.
    pub packed: bool,
    /// One sentence and a next step, for a file that cannot be used.
    pub unusable: &'static str,
    /// What the model does, as in “Limerick could not speak this sentence.”
    pub doing: &'static str,
}

/// A loaded model.
pub struct Model {
    session: Session,
    doing: &'static str,
}

impl Model {
    /// Loads a model from its file.
    ///
    /// # Errors
    /// `Model` where the file cannot be used.
    pub fn load(environment: &Environment, file: &Path, recipe: &Recipe) -> Result<Self> {
        let loaded = prepare(environment, recipe).and_then(|mut builder| builder.commit_from_file(file));
        Self::of(loaded, recipe)
    }

    /// Loads a model whose graph is `graph`, and whose weights lie in files of the folder `weights` that it names.
    ///
    /// # Errors
    /// `Model` where the weights cannot be used.
    pub fn load_graph(
        environment: &Environment,
        graph: &[u8],
        weights: &Path,
        recipe: &Recipe,
    ) -> Result<Self> {
        let folder = weights.to_string_lossy();
        let loaded = prepare(environment, recipe)
            .and_then(|builder| Ok(builder.with_config_entry(FOLDER_OF_WEIGHTS, folder)?))
            .and_then(|mut builder| builder.commit_from_memory(graph));
        Self::of(loaded, recipe)
    }

    fn of(loaded: ort::Result<Session>, recipe: &Recipe) -> Result<Self> {
        let refused = |cause| Error::new(ErrorCode::Model, recipe.unusable).with_detail(cause);
        Ok(Self { session: loaded.map_err(refused)?, doing: recipe.doing })
    }

    /// Whether the model wants an input of this name.
    pub fn wants(&self, name: &str) -> bool {
        self.session.inputs().iter().any(|input| input.name() == name)
    }

    /// Computes; the first output's numbers, or nothing when it was stopped.
    ///
    /// # Errors
    /// `Internal` where the model does not take what it is given.
    pub fn run(&mut self, inputs: Vec<Input<'_>>, stop: &Stop) -> Result<Option<Vec<f32>>> {
        self.run_for(None, inputs, stop)
    }

    /// As `run`, for the numbers of the output of this name; without one, of the first.
    ///
    /// # Errors
    /// As `run`, and where the model has no such output.
    pub fn run_for(
        &mut self,
        output: Option<&str>,
        inputs: Vec<Input<'_>>,
        stop: &Stop,
    ) -> Result<Option<Vec<f32>>> {
        let doing = self.doing;
        let refused = |cause: ort::Error| Error::internal(doing, cause);
        let options = Arc::new(RunOptions::new().map_err(refused)?);
        let _running = stop.running(&options);
        if stop.is_stopped() {
            return Ok(None);
        }
        match self.session.run_with_options(inputs, &options) {
            Ok(outputs) => {
                let mut wanted =
                    outputs.iter().filter(|(name, _)| output.is_none_or(|output| output == *name));
                let (_, wanted) = wanted.next().ok_or_else(|| Error::internal(doing, "no output"))?;
                Ok(Some(wanted.try_extract_tensor::<f32>().map_err(refused)?.1.to_vec()))
            }
            Err(_) if stop.is_stopped() => Ok(None),
            Err(cause) => Err(refused(cause)),
        }
    }
}

/// Numbers for a model's input of this name, in this shape.
///
/// # Errors
/// `Internal` where there are more or fewer of them than the shape has places.
pub fn tensor<T>(name: &'static str, shape: &[usize], numbers: Vec<T>) -> Result<Input<'static>>
where
    T: PrimitiveTensorElementType + std::fmt::Debug + Clone + 'static,
{
    let tensor =
        Tensor::from_array((shape, numbers)).map_err(|cause| Error::internal("run this model", cause))?;
    Ok((name, tensor.into()))
}

/// Without the arena the peak of a voice is 1.1 GB; threads that spin while they wait cost a third more time of the
/// processor and bring nothing where other work runs beside.
fn prepare(environment: &Environment, recipe: &Recipe) -> ort::Result<SessionBuilder> {
    let level =
        if recipe.last_level { GraphOptimizationLevel::Level3 } else { GraphOptimizationLevel::Level2 };
    let builder = Session::builder(environment)?
        .with_intra_threads(recipe.threads)?
        .with_intra_op_spinning(false)?
        .with_optimization_level(level)?
        .with_memory_pattern(recipe.same_shapes)?
        .with_prepacking(recipe.packed)?;
    Ok(builder)
}
