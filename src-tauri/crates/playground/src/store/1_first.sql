-- Version 1 of the history: runs, their searchable text, conversations, connections.
create table runs (
    number integer primary key autoincrement,
    id text not null unique,
    task text not null,
    state text not null,
    created_at integer not null,
    instance text not null,
    connection text not null,
    connection_name text not null,
    provider text,
    model text not null,
    prompt text not null,      -- its first 200 characters
    answer text not null,      -- its first 200 characters
    input text not null,       -- JSON
    output text not null,      -- JSON
    error text,                -- JSON
    figures text not null,     -- JSON
    conversation text,
    deleted_at integer
) strict;
create index runs_running on runs (instance) where state = 'running';
create index runs_conversation on runs (conversation);

-- rowid is the number of the run.
create virtual table runs_text using fts5 (prompt, answer, model, tokenize = 'unicode61 remove_diacritics 2');

create table conversations (
    number integer primary key autoincrement,
    id text not null unique,
    title text not null,
    system text not null,
    updated_at integer not null,
    leaf text,                 -- the end of the open path
    deleted_at integer
) strict;

create table messages (
    number integer primary key autoincrement,
    id text not null unique,
    conversation text not null references conversations (id) on delete cascade,
    parent text references messages (id) on delete cascade,
    role text not null,
    text text not null,        -- an answer's text is this, then the text of its run's output
    created_at integer not null,
    run text
) strict;
create index messages_conversation on messages (conversation);
create index messages_parent on messages (parent);
create index messages_run on messages (run);

create table connections (
    number integer primary key autoincrement,
    id text not null unique,
    name text not null,
    url text,
    headers text not null,     -- JSON
    bill_to text
) strict;
