//! Strangers' templates that mean harm: each ends quickly with a plain sentence, and takes little memory.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop at the first surprise")]

use std::time::{Duration, Instant};

use limerick_tasks::ErrorCode;
use limerick_templates::{Conversation, Origin, Template, render};
use serde_json::json;

/// What a template may take: far less than a person waits, also on a slow machine in a debug build.
const TIME: Duration = Duration::from_secs(20);
/// What a template may take of memory, in kB.
const MEMORY: u64 = 500_000;

/// Templates that would take all memory or never end, by what they do.
const HOSTILE: [(&str, &str); 30] = [
    ("a repeated letter", "{{ 'a' * 10**9 }}"),
    (
        "many repeated letters",
        "{{ ['a' * 9999999, 'b' * 9999999, 'c' * 9999999, 'd' * 9999999, 'e' * 9999999] | join }}",
    ),
    ("a power of powers", "{{ 9 ** 9 ** 9 }}"),
    ("repeated repetition", "{{ 'a' * 9999 * 9999 * 9999 }}"),
    ("nested loops", "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}"),
    ("a giant range", "{% for a in range(10**15) %}x{% endfor %}"),
    ("a range as a list, often", "{% for a in range(99999) %}{% set b = range(99999) | list %}{% endfor %}"),
    ("a macro that calls itself", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"),
    ("a macro that doubles", "{% macro f(x) %}{{ f(x ~ x) }}{% endmacro %}{{ f('ab') }}"),
    (
        "doubling with a sign",
        "{% set n = namespace(a='ab') %}{% for i in range(99) %}{% set n.a = n.a ~ n.a %}{% endfor %}",
    ),
    (
        "doubling with plus",
        "{% set n = namespace(a='ab') %}{% for i in range(99) %}{% set n.a = n.a + n.a %}{% endfor %}",
    ),
    (
        "doubling by joining",
        "{% set n = namespace(a='ab') %}{% for i in range(99) %}{% set n.a = [n.a, n.a] | join('') %}{% endfor %}",
    ),
    (
        "doubling by a method",
        "{% set n = namespace(a='ab') %}{% for i in range(99) %}{% set n.a = n.a.join([n.a, n.a]) %}{% endfor %}",
    ),
    (
        "doubling by replacing",
        "{% set n = namespace(a='ab') %}{% for i in range(99) %}{% set n.a = n.a.replace('a', n.a) %}{% endfor %}",
    ),
    (
        "doubling by a filter",
        "{% set n = namespace(a='ab') %}{% for i in range(99) %}{% set n.a = n.a | replace('a', n.a) %}{% endfor %}",
    ),
    (
        "doubling by a format",
        "{% set n = namespace(a='ab') %}{% for i in range(99) %}{% set n.a = '%s%s' % (n.a, n.a) %}{% endfor %}",
    ),
    (
        "doubling by another format",
        "{% set n = namespace(a='ab') %}{% for i in range(99) %}{% set n.a = '{}{}'.format(n.a, n.a) %}{% endfor %}",
    ),
    (
        "doubling by a block",
        "{% set n = namespace(a='ab') %}{% for i in range(99) %}{% set b %}{{ n.a }}{{ n.a }}{% endset %}{% set n.a = b %}{% endfor %}",
    ),
    (
        "doubling a list",
        "{% set n = namespace(a=[1]) %}{% for i in range(99) %}{% set n.a = n.a + n.a %}{% endfor %}{{ n.a | length }}",
    ),
    (
        "a list of itself twice",
        "{% set n = namespace(a=[1]) %}{% for i in range(60) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a }}",
    ),
    (
        "a list in a list, deeply",
        "{% set n = namespace(a=[]) %}{% for i in range(99999) %}{% set n.a = [n.a] %}{% endfor %}",
    ),
    (
        "an object in an object, deeply",
        "{% set n = namespace(a={}) %}{% for i in range(99999) %}{% set n.a = {'a': n.a} %}{% endfor %}",
    ),
    (
        "a namespace in a namespace, deeply",
        "{% set n = namespace() %}{% for i in range(99999) %}{% set m = namespace() %}{% set m.a = n.a %}{% set n.a = m %}{% endfor %}",
    ),
    (
        "a slice of a slice, deeply",
        "{% set n = namespace(a=messages) %}{% for i in range(99999) %}{% set n.a = n.a[0:] %}{% endfor %}{% for i in range(99999) %}{% for j in range(9) %}{% set b = n.a[::-1] %}{% endfor %}{% endfor %}",
    ),
    ("a wide indent", "{{ 'a\\nb\\nc' | indent(10**9) }}"),
    ("a wide format", "{{ '%999999999d' % 1 }}"),
    ("JSON with a wide indent", "{{ messages | tojson(indent=10**9) }}"),
    (
        "long text, often",
        "{% set b %}{% for a in range(99999) %}{% for c in range(99) %}0123456789012345678901234567890123456789{% endfor %}{% endfor %}{% endset %}",
    ),
    (
        "a long text mapped over a range",
        "{% set a = 'ab' * 9999999 %}{{ range(99999) | map('default', a) | map(attribute='x', default=a) | map('upper') | join }}",
    ),
    (
        "comparing long texts, often",
        "{% set a = 'a' * 9999999 %}{% set b = a ~ '' %}{% for i in range(99999) %}{% if a == b and b in a %}{% endif %}{% endfor %}",
    ),
];

fn conversation() -> Conversation {
    Conversation::new(vec![json!({"role": "user", "content": "Hi"})])
}

/// The most memory that this process had at once, in kB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or_default()
}

#[test]
fn a_hostile_template_ends_soon_and_takes_little_memory() {
    println!("{:40} {:>9} {:>9}", "what it does", "ms", "MB so far");
    for (what, text) in HOSTILE {
        let begun = Instant::now();
        let rendered = render(&Template::new(text, Origin::Gguf), &conversation());
        let (took, memory) = (begun.elapsed(), peak());
        println!("{what:40} {:>9} {:>9}", took.as_millis(), memory / 1000);
        let error = rendered.err().unwrap_or_else(|| unreachable!("{what} was rendered"));
        assert_eq!(error.code, ErrorCode::Input, "{what}");
        assert!(error.message.starts_with("The model's chat template "), "{what}: {error}");
        assert!(error.message.len() < 500, "{what}: {error}");
        assert!(took < TIME, "{what} took {took:?}");
        assert!(memory < MEMORY, "{what} took {memory} kB");
    }
}

#[test]
fn a_template_of_a_million_letters_is_read_soon_or_refused() {
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000));
    let long = format!("{{{{ 1{} }}}}", " * 1".repeat(200_000));
    let nested = "{% if true %}".repeat(20_000);
    let signs = format!("{{{{ {}1 }}}}", "-".repeat(500_000));
    let plain = "x ".repeat(400_000);
    for text in [deep, long, nested, signs, plain, "{{ ".repeat(300_000), "{".repeat(1_000_000), "{#".into()]
    {
        let begun = Instant::now();
        // Whether it can be read is its own affair; that it ends is ours.
        let _ = render(&Template::new(text, Origin::Gguf), &conversation());
        assert!(begun.elapsed() < TIME, "{:?}", begun.elapsed());
    }
}

#[test]
fn what_only_a_stranger_would_write_is_refused_in_plain_words() {
    for text in [
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{{ ''.__class__.__mro__ }}",
        "{% set n = namespace() %}{% set n._x = 1 %}",
        "{{ messages.append(1) }}",
        "{{ debug() }}",
        "{{ messages | chain }}",
        "{% for m in messages %}{{ loop.cycle() }}{% endfor %}",
        "{{ unknown() }}",
        "{{ 1 +",
    ] {
        let error = render(&Template::new(text, Origin::Gguf), &conversation()).unwrap_err();
        assert!(error.message.starts_with("The model's chat template "), "{text}: {error}");
    }
}
