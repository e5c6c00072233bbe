-- Version 3: pictures of runs, what the person made of a run, and runs that wait for their turn.
alter table runs add column batch text;
alter table runs add column repeats text;
alter table runs add column favourite integer not null default 0;
alter table runs add column note text not null default '';
alter table runs add column turn real;      -- its place in the queue, while it waits: the smallest is next
alter table runs add column deadline real;  -- seconds for all of it, from its turn on
create index runs_waiting on runs (turn) where state = 'waiting';
create index runs_batch on runs (batch) where batch is not null;
-- For the filters of History and the gallery.
create index runs_favourite on runs (favourite) where deleted_at is null;
create index runs_state on runs (state) where deleted_at is null;
create index runs_task on runs (task) where deleted_at is null;
create index runs_created on runs (created_at) where deleted_at is null;
create index runs_deleted on runs (number) where deleted_at is not null;
create index runs_model on runs (model) where deleted_at is null;
create index runs_provider on runs (coalesce(provider, connection_name)) where deleted_at is null;

-- A Space by its id or its address, as typed; such a connection has no url.
alter table connections add column space text;

create table tags (
    run text not null references runs (id) on delete cascade,
    tag text not null collate nocase,
    primary key (run, tag)
) strict, without rowid;
create index tags_tag on tags (tag);

-- What came of a run, one row a picture. A side of 0 is not known yet.
create table pictures (
    number integer primary key autoincrement,
    run integer not null references runs (number) on delete cascade,
    place integer not null,    -- among the run's pictures, from 0
    file text not null,
    width integer not null,
    height integer not null,
    bytes integer not null,
    blank integer,             -- wholly one colour; null: nobody has looked yet
    missing integer not null default 0     -- its file was removed outside
) strict;
create unique index pictures_place on pictures (run desc, place);
create index pictures_file on pictures (file);
insert into pictures (run, place, file, width, height, bytes)
    select runs.number, image.key, image.value ->> '$."$file"', 0, 0, 0
    from runs, json_each(runs.output, '$.images') image
    where runs.task in ('text_to_image', 'image_to_image') and image.value ->> '$."$file"' is not null;

-- Notes and tags are found, too.
create virtual table runs_words using fts5 (
    prompt, answer, model, note, tokenize = 'unicode61 remove_diacritics 2'
);
insert into runs_words (rowid, prompt, answer, model, note) select rowid, prompt, answer, model, '' from runs_text;
drop table runs_text;
alter table runs_words rename to runs_text;
