-- Version 4: what a run asked as one digest, so that the same question is found again.
alter table runs add column digest text;
alter table runs add column anew integer not null default 0;   -- it asks, whatever is kept
create index runs_digest on runs (digest) where digest is not null;
