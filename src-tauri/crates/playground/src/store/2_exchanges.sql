-- Version 2: what went over the wire in a run, with all secrets masked.
create table exchanges (
    run text not null,
    number integer not null,
    exchange text not null,    -- JSON
    primary key (run, number)
) strict, without rowid;
