-- Version 3: pictures of runs, what the person made of a run, and runs that wait for their turn.
alter table runs add column batch text;
alter table runs add column repeats text;
alter table runs add column favourite integer not null default 0;
alter table runs add column note text not null default '';
alter table runs add column turn real;      -- its place in the queue, while it waits: the smallest is next
alter table runs add column start text;     -- JSON of what starts it, while it waits
create index runs_waiting on runs (turn) where state = 'waiting';
create index runs_batch on runs (batch) where batch is not null;
create index runs_favourite on runs (number) where favourite;

create table tags (
    run text not null references runs (id) on delete cascade,
    tag text not null collate nocase,
    primary key (run, tag)
) strict, without rowid;
create index tags_tag on tags (tag);

-- What came of a run, one row a picture. A side of 0 is not known yet.
create table pictures (
    number integer primary key autoincrement,
    run text not null references runs (id) on delete cascade,
    place integer not null,    -- among the run's pictures, from 0
    file text not null,
    width integer not null,
    height integer not null,
    bytes integer not null,
    blank integer not null default 0,      -- wholly one colour
    missing integer not null default 0,    -- its file was removed outside
    unique (run, place)
) strict;
create index pictures_file on pictures (file);
insert into pictures (run, place, file, width, height, bytes)
    select runs.id, image.key, image.value ->> '$."$file"', 0, 0, 0
    from runs, json_each(runs.output, '$.images') image
    where runs.task in ('text_to_image', 'image_to_image') and image.value ->> '$."$file"' is not null;
