//! Conversations on disk: a tree of messages each, whose open path ends at `leaf`.
//! An answer's text is the text of its row (what it continues) followed by its run's output.

use limerick_tasks::{Error, ErrorCode, Media, Role};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::{
    Fault, Stored,
    files::Files,
    now,
    runs::{from_json, from_word, json, word},
};
use crate::{
    Conversation, ConversationKind, ConversationSummary, Figures, Turn, TurnMessage,
    commands::{EditMessage, SetText},
    media::{address_of, name_in},
    said::Said,
};

/// Pictures of one message at most.
const PICTURES: usize = 20;

/// Where a turn was put.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub(crate) conversation: String,
    pub(crate) user_message: Option<String>,
    pub(crate) assistant_message: String,
    /// What the model is asked: the system prompt and the path.
    pub(crate) said: Vec<Said>,
}

/// Writes a turn's messages; the answer's message belongs to the run `run`.
pub(crate) fn place(db: &Connection, turn: &Turn, run: &str) -> Stored<Placed> {
    let conversation = match &turn.conversation {
        Some(id) => {
            exists(db, id)?;
            id.clone()
        }
        None => create(db, turn)?,
    };
    let parent = turn.parent.as_deref().map(|id| message(db, &conversation, id)).transpose()?;
    let (user_message, answer_parent, continued) = match (&turn.text, parent) {
        (Some(text), parent) => {
            let parent = parent.map(|parent| parent.id);
            let pictures = kept(db, &turn.pictures)?;
            let said = add(db, &conversation, parent.as_deref(), Role::User, text, &pictures, None)?;
            (Some(said.clone()), said, String::new())
        }
        (None, Some(parent)) if parent.role == Role::User => (None, parent.id, String::new()),
        (None, Some(TurnMessage { role: Role::Assistant, parent: Some(question), text, .. })) => {
            (None, question, text)
        }
        (None, _) => return Err(refuse("There is nothing to answer. Write a message first.")),
    };
    let mut said = asked(db, &conversation, &answer_parent)?;
    if !continued.is_empty() {
        said.push(Said { role: Role::Assistant, text: continued.clone(), pictures: Vec::new() });
    }
    let answer = add(db, &conversation, Some(&answer_parent), Role::Assistant, &continued, &[], Some(run))?;
    Ok(Placed { conversation, user_message, assistant_message: answer, said })
}

/// Keeps the pictures of a message, and gives their files' names.
fn kept(db: &Connection, pictures: &[Media]) -> Stored<Vec<String>> {
    if pictures.len() > PICTURES || !pictures.iter().all(Media::is_image) {
        return Err(refuse("A message shows at most 20 pictures, and nothing else. Take some away."));
    }
    let files = Files::beside(db);
    Ok(pictures.iter().map(|picture| files.keep(picture)).collect::<Result<_, _>>()?)
}

fn create(db: &Connection, turn: &Turn) -> Stored<String> {
    let id = Uuid::now_v7().to_string();
    let title = title_of(turn.text.as_deref().unwrap_or_default());
    let system = turn.system.clone().unwrap_or_default();
    let kind = word(turn.kind.unwrap_or_default())?;
    db.execute(
        "insert into conversations (id, title, system, updated_at, kind) values (?1, ?2, ?3, ?4, ?5)",
        (&id, title, system, now(), kind),
    )?;
    Ok(id)
}

/// The first words: at most eight, at most 60 characters.
fn title_of(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut title: String = words.iter().take(8).copied().collect::<Vec<_>>().join(" ");
    if words.len() > 8 || title.chars().count() > 60 {
        title = format!("{}…", title.chars().take(60).collect::<String>().trim_end());
    }
    if title.is_empty() { "New conversation".into() } else { title }
}

/// The system prompt and the path down to `leaf`, as a model is to see it: no empty answers, and what the
/// person says in a row as one message (many chat templates insist on turns).
fn asked(db: &Connection, conversation: &str, leaf: &str) -> Stored<Vec<Said>> {
    let system: String =
        db.query_row("select system from conversations where id = ?1", [conversation], |row| row.get(0))?;
    let mut said: Vec<Said> = Vec::new();
    for message in path(db, conversation, Some(leaf))? {
        let pictures: Vec<String> =
            message.pictures.iter().map(|one| name_in(one)).collect::<Result<_, _>>()?;
        match said.last_mut() {
            _ if message.role == Role::Assistant && message.text.trim().is_empty() => {}
            Some(last) if last.role == message.role => {
                if !last.text.is_empty() && !message.text.is_empty() {
                    last.text.push_str("\n\n");
                }
                last.text.push_str(&message.text);
                last.pictures.extend(pictures);
            }
            _ => said.push(Said { role: message.role, text: message.text, pictures }),
        }
    }
    if !system.trim().is_empty() {
        said.insert(0, Said { role: Role::System, text: system, pictures: Vec::new() });
    }
    Ok(said)
}

/// Adds a message and opens the path that ends at it.
fn add(
    db: &Connection,
    conversation: &str,
    parent: Option<&str>,
    role: Role,
    text: &str,
    pictures: &[String],
    run: Option<&str>,
) -> Stored<String> {
    let (id, now) = (Uuid::now_v7().to_string(), now());
    db.execute(
        "insert into messages (id, conversation, parent, role, text, pictures, created_at, run)
         values (:id, :conversation, :parent, :role, :text, :pictures, :now, :run)",
        named_params! {
            ":id": id, ":conversation": conversation, ":parent": parent, ":role": word(role)?, ":text": text,
            ":pictures": json(&pictures)?, ":now": now, ":run": run,
        },
    )?;
    open_at(db, conversation, &id)?;
    Ok(id)
}

fn open_at(db: &Connection, conversation: &str, leaf: &str) -> Stored<()> {
    db.execute(
        "update conversations set leaf = ?2, updated_at = ?3 where id = ?1",
        (conversation, leaf, now()),
    )?;
    Ok(())
}

const MESSAGE: &str = "
select m.id, m.parent, m.role,
       m.text || coalesce(r.output ->> '$.text', r.output ->> '$.generated_text', r.output ->> '$.answers[0].answer', ''),
       coalesce(json_extract(r.output, '$.reasoning'), ''), m.created_at,
       (select json_group_array(id) from (select s.id from messages s where s.conversation = m.conversation
            and s.parent is m.parent and s.role = m.role order by s.number)),
       m.run, r.state, r.error, r.model, r.provider, r.connection_name, r.figures, m.pictures
from messages m left join runs r on r.id = m.run";

fn read(row: &Row<'_>) -> Stored<TurnMessage> {
    Ok(TurnMessage {
        id: row.get(0)?,
        parent: row.get(1)?,
        role: from_word(&row.get::<_, String>(2)?)?,
        text: row.get(3)?,
        pictures: from_json::<Vec<String>>(&row.get::<_, String>(14)?)?
            .iter()
            .map(|one| address_of(one))
            .collect(),
        reasoning: row.get(4)?,
        created_at: row.get(5)?,
        siblings: from_json(&row.get::<_, String>(6)?)?,
        run: row.get(7)?,
        state: row.get::<_, Option<String>>(8)?.as_deref().map(from_word).transpose()?,
        error: row.get::<_, Option<String>>(9)?.as_deref().map(from_json).transpose()?,
        model: row.get(10)?,
        provider: row.get(11)?,
        connection_name: row.get(12)?,
        figures: row.get::<_, Option<String>>(13)?.as_deref().map(from_json::<Figures>).transpose()?,
    })
}

fn message(db: &Connection, conversation: &str, id: &str) -> Stored<TurnMessage> {
    let mut statement = db.prepare_cached(&format!("{MESSAGE} where m.id = ?1 and m.conversation = ?2"))?;
    let found = statement.query_row([id, conversation], |row| Ok(read(row))).optional()?;
    found.ok_or_else(|| {
        refuse("This message is no longer in the conversation. Open the conversation again.")
    })?
}

/// The messages from the root down to `leaf`.
fn path(db: &Connection, conversation: &str, leaf: Option<&str>) -> Stored<Vec<TurnMessage>> {
    let sql = format!(
        "with recursive up (id, parent, depth) as (
             select id, parent, 0 from messages where id = ?1 and conversation = ?2
             union all select m.id, m.parent, depth + 1 from messages m join up on m.id = up.parent)
         {MESSAGE} join up on up.id = m.id order by up.depth desc"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map((leaf, conversation), |row| Ok(read(row)))?;
    rows.map(|row| row?).collect()
}

/// One conversation with its open path.
pub(crate) fn get(db: &Connection, id: &str) -> Stored<Conversation> {
    let found = db
        .query_row(
            "select title, system, leaf from conversations where id = ?1 and deleted_at is null",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?)),
        )
        .optional()?;
    let (title, system, leaf) = found.ok_or_else(gone)?;
    Ok(Conversation { id: id.to_owned(), title, system, messages: path(db, id, leaf.as_deref())? })
}

/// All of a kind, newest change first.
pub(crate) fn list(db: &Connection, kind: ConversationKind) -> Stored<Vec<ConversationSummary>> {
    let mut statement = db.prepare_cached(
        "select id, title, updated_at, (select count(*) from messages m where m.conversation = c.id),
                (select 'media:' || (m.pictures ->> '$[0]') from messages m
                 where m.conversation = c.id and m.pictures <> '[]' order by m.number limit 1)
         from conversations c where deleted_at is null and kind = ?1 order by updated_at desc, number desc",
    )?;
    let rows = statement.query_map([word(kind)?], |row| {
        Ok(ConversationSummary {
            id: row.get(0)?,
            title: row.get(1)?,
            updated_at: row.get(2)?,
            messages: row.get(3)?,
            picture: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Names a conversation; an empty name takes the first words again.
pub(crate) fn set_title(db: &Connection, named: &SetText) -> Stored<()> {
    exists(db, &named.id)?;
    let first = "select text from messages where conversation = ?1 and role = 'user' order by number limit 1";
    let title = match named.text.trim() {
        "" => title_of(
            &db.query_row(first, [&named.id], |row| row.get::<_, String>(0)).optional()?.unwrap_or_default(),
        ),
        text => text.chars().take(200).collect(),
    };
    db.execute("update conversations set title = ?2 where id = ?1", [&named.id, &title])?;
    Ok(())
}

/// Sets the system prompt for the turns to come.
pub(crate) fn set_system(db: &Connection, system: &SetText) -> Stored<()> {
    exists(db, &system.id)?;
    db.execute("update conversations set system = ?2 where id = ?1", [&system.id, &system.text])?;
    Ok(())
}

/// Opens the path through a message, down along the newest children.
pub(crate) fn open_branch(db: &Connection, id: &str) -> Stored<Conversation> {
    let conversation = home_of(db, id)?;
    let mut leaf = id.to_owned();
    let mut newest_child =
        db.prepare("select id from messages where parent = ?1 order by number desc limit 1")?;
    while let Some(child) = newest_child.query_row([&leaf], |row| row.get(0)).optional()? {
        leaf = child;
    }
    open_at(db, &conversation, &leaf)?;
    get(db, &conversation)
}

/// Writes a message beside another, with the same pictures, and opens it.
pub(crate) fn edit(db: &Connection, edit: &EditMessage) -> Stored<Conversation> {
    let conversation = home_of(db, &edit.message)?;
    let old = message(db, &conversation, &edit.message)?;
    let pictures: Vec<String> = old.pictures.iter().map(|one| name_in(one)).collect::<Result<_, _>>()?;
    add(db, &conversation, old.parent.as_deref(), edit.role, &edit.text, &pictures, None)?;
    get(db, &conversation)
}

/// Hides a conversation and its runs, or shows both again; they are dropped at the next start.
/// Runs that were deleted by themselves before stay deleted. Returns the runs that still run.
pub(crate) fn set_deleted(db: &mut Connection, id: &str, deleted: bool) -> Stored<Vec<String>> {
    let tx = db.transaction()?;
    if deleted {
        exists(&tx, id)?;
        let now = now();
        tx.execute("update conversations set deleted_at = ?2 where id = ?1", (id, now))?;
        tx.execute(
            "update runs set deleted_at = ?2 where conversation = ?1 and deleted_at is null",
            (id, now),
        )?;
    } else {
        tx.execute(
            "update runs set deleted_at = null where conversation = ?1
             and deleted_at = (select deleted_at from conversations where id = ?1)",
            [id],
        )?;
        tx.execute("update conversations set deleted_at = null where id = ?1", [id])?;
    }
    let sql = "select id from runs where conversation = ?1 and state = 'running'";
    let running = tx.prepare(sql)?.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    tx.commit()?;
    Ok(running)
}

fn home_of(db: &Connection, message: &str) -> Stored<String> {
    let sql = "select c.id from messages m join conversations c on c.id = m.conversation
               where m.id = ?1 and c.deleted_at is null";
    db.query_row(sql, [message], |row| row.get(0)).optional()?.ok_or_else(gone)
}

fn exists(db: &Connection, id: &str) -> Stored<()> {
    let sql = "select 1 from conversations where id = ?1 and deleted_at is null";
    db.query_row(sql, [id], |_| Ok(())).optional()?.ok_or_else(gone)
}

fn gone() -> Fault {
    refuse("This conversation is no longer here. Choose another one, or begin a new one.")
}

fn refuse(message: &str) -> Fault {
    Error::new(ErrorCode::Input, message).into()
}
