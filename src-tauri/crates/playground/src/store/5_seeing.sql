-- Version 5: conversations about pictures, tables of many rows, and what runs mean.
alter table conversations add column kind text not null default 'text';   -- 'text' or 'vision'
alter table messages add column pictures text not null default '[]';      -- JSON: names of files, as they were sent
alter table runs add column shown text;    -- the file of the first picture that it was asked about

create table tables (
    number integer primary key autoincrement,
    id text not null unique,
    title text not null,
    created_at integer not null,
    connection text not null,
    provider text,
    request text not null,     -- JSON: a run's input without what each row brings
    preparing text,            -- JSON: how pictures are made ready
    at_once integer not null,
    pictures integer not null, -- whether its rows are pictures
    folder text,               -- where the paths of its pictures begin, and nowhere else is written beside them
    heading text not null,     -- what the column of its texts or pictures is called
    fields text not null,      -- JSON: names of the other columns
    left_out integer not null, -- what its source held that is no row
    instance text,             -- the process that works on it
    deleted_at integer
) strict;

create table table_rows (
    number integer primary key autoincrement,
    of_table integer not null references tables (number) on delete cascade,
    place integer not null,    -- from 0
    item text not null,        -- the text, or the picture: a path or a `media:` address
    name text,                 -- what the picture is called, where `item` does not tell
    fields text not null,      -- JSON: the other columns of its line, in the order of the table's
    run text,                  -- its newest run
    picture text,              -- the file of that run's picture
    state text,                -- how its last run ended, `done` or `failed`; null where none has
    answer text not null default '',
    labels text not null default '[]',  -- JSON: the best of what came with scores
    model text,                -- who answered
    edited text,               -- what the person wrote in place of the answer
    error text,                -- JSON
    shown text as (case when edited is not null then 'done' else coalesce(state, 'waiting') end) virtual,
    unique (of_table, place)
) strict;
create index table_rows_run on table_rows (run);
create index table_rows_shown on table_rows (of_table, shown, place);

-- One a run: the direction its words point in, as 32-bit floats, little-endian.
create table meanings (
    run integer primary key references runs (number) on delete cascade,
    vector blob not null
) strict;
