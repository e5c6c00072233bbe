//! minijinja, set up as transformers sets up Jinja2 (`_cached_compile_jinja_template`), with a meter in every
//! place where something new is made.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, escape_formatter, filters};
use minijinja_contrib::pycompat::unknown_method_callback;

use crate::meter::{Meter, STEPS, is_namespace, too_much};
use crate::written::written;
use crate::{clock, methods, operators};

/// The filters of minijinja that make something new. All of them read their value once from end to end, but for
/// those that `costly` knows.
static FILTERS: LazyLock<Vec<(&'static str, Value)>> = LazyLock::new(|| {
    vec![
        ("lower", Value::from_function(filters::lower)),
        ("upper", Value::from_function(filters::upper)),
        ("title", Value::from_function(filters::title)),
        ("capitalize", Value::from_function(filters::capitalize)),
        ("dictsort", Value::from_function(filters::dictsort)),
        ("items", Value::from_function(filters::items)),
        ("reverse", Value::from_function(filters::reverse)),
        ("split", Value::from_function(filters::split)),
        ("lines", Value::from_function(filters::lines)),
        ("first", Value::from_function(filters::first)),
        ("last", Value::from_function(filters::last)),
        ("min", Value::from_function(filters::min)),
        ("max", Value::from_function(filters::max)),
        ("sort", Value::from_function(filters::sort)),
        ("list", Value::from_function(filters::list)),
        ("batch", Value::from_function(filters::batch)),
        ("slice", Value::from_function(filters::slice)),
        ("sum", Value::from_function(filters::sum)),
        ("select", Value::from_function(filters::select)),
        ("reject", Value::from_function(filters::reject)),
        ("selectattr", Value::from_function(filters::selectattr)),
        ("rejectattr", Value::from_function(filters::rejectattr)),
        ("map", Value::from_function(filters::map)),
        ("groupby", Value::from_function(filters::groupby)),
        ("unique", Value::from_function(filters::unique)),
        ("join", Value::from_function(filters::join)),
        ("safe", Value::from_function(filters::safe)),
        ("pprint", Value::from_function(filters::pprint)),
    ]
});

/// An environment for one rendering. `now` is seconds since 1970.
pub(crate) fn environment(now: i64) -> Environment<'static> {
    let meter = Arc::new(Meter::new());
    let mut environment = Environment::new();
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_debug(false);
    environment.set_fuel(Some(STEPS));
    environment.set_unknown_method_callback(unknown_method_callback);
    let formatting = meter.clone();
    environment.set_formatter(move |out, state, value| {
        match value.as_str() {
            Some(text) => formatting.take(text.len())?,
            None => drop(formatting.weighed(Value::from(vec![value.clone()]))?),
        }
        let is_float = value.kind() == ValueKind::Number && !value.is_integer();
        if is_float {
            out.write_str(&written(value)).map_err(Error::from)
        } else {
            escape_formatter(out, state, value)
        }
    });
    for unsafe_filter in ["chain", "zip", "format"] {
        environment.remove_filter(unsafe_filter);
    }
    environment.remove_global("debug");
    add_functions(&mut environment, now);
    add_operators(&mut environment, &meter);
    add_filters(&mut environment, &meter);
    add_tests(&mut environment);
    environment
}

fn add_functions(environment: &mut Environment<'static>, now: i64) {
    environment.add_function("raise_exception", |words: Rest<Value>| -> Result<String, Error> {
        let words = words.first().map(Value::to_string).unwrap_or_default();
        Err(Error::new(ErrorKind::InvalidOperation, words))
    });
    environment.add_function("strftime_now", move |format: Cow<'_, str>| -> Result<String, Error> {
        if format.len() > 200 { Err(too_much()) } else { Ok(clock::strftime(now, &format)) }
    });
    environment.add_function("cycler", |items: Rest<Value>| minijinja_contrib::globals::cycler(items.0));
    environment.add_function("joiner", minijinja_contrib::globals::joiner);
    environment.add_function("namespace", namespace);
}

/// A namespace whose names are no hidden ones, and which holds no other namespace.
fn namespace(start: Option<Value>, named: Kwargs) -> Result<Value, Error> {
    let held: Vec<Value> = match &start {
        Some(start) => start.try_iter()?.map(|key| start.get_item(&key)).collect::<Result<_, _>>()?,
        None => named.args().map(|name| named.peek(name)).collect::<Result<_, _>>()?,
    };
    // `guard` writes hidden names otherwise.
    let hidden = named.args().any(|name| name.starts_with("under_"));
    if hidden || held.iter().any(is_namespace) {
        return Err(Error::new(ErrorKind::InvalidOperation, "a namespace may not hold this"));
    }
    let start = start.unwrap_or_else(|| Value::from(named));
    minijinja::functions::namespace(Some(start.into()))
}

/// What `guard` calls in place of operators and literals.
fn add_operators(environment: &mut Environment<'static>, meter: &Arc<Meter>) {
    let own = meter.clone();
    environment.add_function("_add", move |terms: Rest<Value>| operators::add(&own, &terms));
    let own = meter.clone();
    environment.add_function("_cat", move |terms: Rest<Value>| operators::join(&own, &terms));
    let own = meter.clone();
    environment.add_function("_times", move |a: &Value, b: &Value| operators::times(&own, a, b));
    let own = meter.clone();
    environment.add_function("_rest", move |a: &Value, b: &Value| operators::rest(&own, a, b));
    let own = meter.clone();
    environment.add_function("_slice", move |value: &Value, a: &Value, b: &Value, c: &Value| {
        operators::slice(&own, value, a, b, c)
    });
    let own = meter.clone();
    environment
        .add_function("_order", move |a: &Value, sign: &str, b: &Value| operators::order(&own, a, sign, b));
    let own = meter.clone();
    environment.add_function("_in", move |item: &Value, all: &Value| operators::is_in(&own, item, all));
    let own = meter.clone();
    environment.add_function("_box", move |value: Value| own.weighed(value));
    let own = meter.clone();
    environment.add_function("_seen", move |value: Value| own.take_reading(&value).map(|()| value));
    let own = meter.clone();
    environment.add_function("_each", move |value: Value| -> Result<Value, Error> {
        own.take_reading(&value)?;
        if value.is_none() {
            Err(Error::new(ErrorKind::InvalidOperation, "None is no list"))
        } else {
            Ok(value)
        }
    });
    let own = meter.clone();
    environment.add_function(
        "_call",
        move |state: &mut State<'_, '_>, value: Value, name: String, arguments: Rest<ValueOrKwargs>| {
            methods::call(&own, state, &value, &name, &arguments.into_values())
        },
    );
}

fn add_filters(environment: &mut Environment<'static>, meter: &Arc<Meter>) {
    for (name, filter) in FILTERS.iter() {
        let (own, filter) = (meter.clone(), filter.clone());
        environment.add_filter(*name, move |state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>| {
            let arguments = arguments.into_values();
            costly(&own, name, &arguments)?;
            let made = filter.call(state, &arguments)?;
            own.take(made.as_str().map_or(0, str::len))?;
            // What is made while it is read could hold a chain of others; a list holds what it holds.
            let lazy = made.kind() == ValueKind::Iterable;
            if lazy { own.weighed(made.try_iter()?.collect::<Vec<_>>().into()) } else { Ok(made) }
        });
    }
    crate::filters::add(environment, meter);
}

/// Takes what a filter needs before it works.
fn costly(meter: &Meter, name: &str, arguments: &[Value]) -> Result<(), Error> {
    let Some((value, rest)) = arguments.split_first() else { return Ok(()) };
    meter.take_reading(value)?;
    let names_and_values = rest.iter().flat_map(|argument| {
        let named = argument.is_kwargs().then(|| argument.try_iter().ok()).flatten();
        let named = named.into_iter().flatten().filter_map(|key| argument.get_item(&key).ok());
        named.chain([argument.clone()]).collect::<Vec<_>>()
    });
    let rest: Vec<Value> = names_and_values.collect();
    if matches!(name, "batch" | "slice") && !rest.iter().all(methods::small) {
        return Err(too_much());
    }
    let count = match value.as_str() {
        Some(text) => text.chars().count(),
        None => value.len().unwrap_or(1),
    };
    let each = match name {
        "join" => rest.iter().filter_map(Value::as_str).map(str::len).max().unwrap_or_default(),
        "slice" | "batch" => {
            let most = rest.iter().filter_map(Value::as_usize).max().unwrap_or_default();
            return meter.take(most.saturating_mul(16));
        }
        _ => 0,
    };
    if matches!(name, "join" | "pprint" | "safe" | "list") {
        meter.weighed(Value::from(vec![value.clone()]))?;
    }
    meter.take(count.saturating_mul(each))
}

/// Tests that Jinja2 answers otherwise than minijinja.
fn add_tests(environment: &mut Environment<'static>) {
    environment.add_test("sequence", |value: &Value| {
        value.is_undefined() || matches!(value.kind(), ValueKind::String | ValueKind::Seq | ValueKind::Map)
    });
    environment.add_test("iterable", |value: &Value| !value.is_none() && value.try_iter().is_ok());
    environment.add_test("callable", |value: &Value| value.kind() == ValueKind::Plain);
}
