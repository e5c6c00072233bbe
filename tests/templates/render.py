#!/usr/bin/env python3
"""Renders chat templates as Hugging Face's Python clients do: Jinja2 itself, set up by their rules.

  pip install -r requirements.txt
  python3 render.py < QUESTIONS > ANSWERS

A question is {"templates": [{"text", "tokens"}], "conversations": [...], "now": seconds since 1970}.
An answer is a list of lists, a row for each template: {"text": ...} or {"raises": ...}.
"""
import datetime
import functools
import json
import sys

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

TAG = "CONTINUE_FINAL_MESSAGE_TAG "


class Generation(Extension):
    """The tag that marks what the assistant wrote; it is a scope of its own and changes nothing."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("passed_on"), [], [], body).set_lineno(line)

    def passed_on(self, caller):
        return caller()


class Namespace(jinja2.utils.Namespace):
    """A namespace without hidden names."""

    def __init__(*args, **named):
        self, args = args[0], args[1:]
        for name in dict(*args, **named):
            visible(name)
        jinja2.utils.Namespace.__init__(self, *args, **named)

    def __setitem__(self, name, value):
        visible(name)
        jinja2.utils.Namespace.__setitem__(self, name, value)


def visible(name):
    if isinstance(name, str) and name.startswith("_"):
        raise jinja2.exceptions.SecurityError(f"{name} is hidden")


def environment(now):
    moment = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).replace(tzinfo=None)
    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    made.filters["tojson"] = to_json
    made.globals["raise_exception"] = raise_exception
    made.globals["strftime_now"] = moment.strftime
    made.globals["dict"] = lambda *args, **named: dict(*args, **named)
    made.globals["namespace"] = Namespace
    return made


def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def raise_exception(words):
    raise jinja2.exceptions.TemplateError(words)


def with_reasoning(message):
    names = ("reasoning_content", "thinking", "reasoning")
    found = next((message[name] for name in names if message.get(name) is not None), None)
    return message if found is None else {"thinking": found, **message, "reasoning_content": found}


def open_last(messages):
    """Puts the tag behind the last words, and returns the words."""
    last = messages[-1]["content"]
    if isinstance(last, str):
        messages[-1]["content"] = last + TAG
        return last
    part = next(part for part in reversed(last) if "text" in part)
    words, part["text"] = part["text"], part["text"] + TAG
    return words


def cut(rendered, words):
    if words.strip() not in rendered or TAG.strip() not in rendered:
        raise ValueError("the last message is not in the prompt")
    at = rendered.rindex(TAG.strip())
    return rendered[:at] if rendered[at:].startswith(TAG) else rendered[:at].rstrip()


def render(template, tokens, conversation):
    messages = [with_reasoning(message) for message in json.loads(json.dumps(conversation["messages"]))]
    continued = conversation.get("continue_final_message", False)
    words = open_last(messages) if continued else None
    rendered = template.render(
        messages=messages,
        tools=conversation.get("tools"),
        documents=conversation.get("documents"),
        add_generation_prompt=conversation.get("add_generation_prompt", False),
        **{**tokens, **conversation.get("extra", {})},
    )
    return cut(rendered, words) if continued else rendered


@functools.cache
def compiled(made, text):
    return made.from_string(text)


def answer(made, template, conversation):
    try:
        return {"text": render(compiled(made, template["text"]), template["tokens"], conversation)}
    except Exception as cause:  # whatever a stranger's template raises
        return {"raises": f"{type(cause).__name__}: {cause}"}


asked = json.load(sys.stdin)
made = environment(asked["now"])
json.dump([[answer(made, template, talk) for talk in asked["conversations"]] for template in asked["templates"]], sys.stdout)
