//! The account behind the Hugging Face connection: who it is, who pays, what the token may do (hf-api 1.6).

use limerick_inference::{Org, RateLimit, TokenScope, WhoAmI};
use limerick_tasks::Result;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Age, Playground,
    keys::FoundKey,
    reach::{HUGGING_FACE, no_token},
    store::now,
};

/// The Hub wants to be asked who somebody is as seldom as can be (hf-api 1.6).
const WHO_FRESH: i64 = 60 * 60 * 1000;

/// Whether to ask again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Look {
    /// Ask again, past the cache.
    pub refresh: bool,
}

/// The account behind the Hugging Face connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Account {
    /// Who it is, what they pay, what the token may do.
    pub who: WhoAmI,
    /// Where the token was found.
    pub source: String,
    /// How fresh this is.
    pub age: Age,
}

impl Account {
    /// The account in sentences, one a line.
    pub fn lines(&self) -> Vec<String> {
        lines(&self.who, &self.source)
    }
}

impl Playground {
    /// Who the Hugging Face connection's token belongs to, and what it may do.
    pub async fn whoami(&self, look: Look) -> Result<Account> {
        let found = self.find_connection(HUGGING_FACE).await?;
        let key = self.key_of(&found).await?.ok_or_else(no_token)?;
        let fresh = Some(WHO_FRESH).filter(|_| !look.refresh);
        let known = self.inner.cache.ask(&self.who_question(&key), fresh, self.ask_who(&key)).await?;
        Ok(Account { who: known.answer, source: key.source, age: known.age })
    }

    /// The account, asked anew whatever is known: what a Test button wants to see.
    pub(crate) async fn who_now(&self, key: &FoundKey) -> Result<WhoAmI> {
        let who = self.ask_who(key).await?;
        self.inner.cache.keep(&self.who_question(key), now(), &who);
        Ok(who)
    }

    fn who_question(&self, key: &FoundKey) -> String {
        format!("who {} {}", self.inner.network.hub, key.mark())
    }

    async fn ask_who(&self, key: &FoundKey) -> Result<WhoAmI> {
        let network = &self.inner.network;
        let client = network.client_for(&self.settings_now(), &[&network.hub])?;
        client.whoami(&client.hugging_face_key(&key.secret)?).await
    }
}

/// The account in sentences.
pub(crate) fn lines(who: &WhoAmI, source: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if !who.fullname.is_empty() {
        lines.push(format!("Account of {}", who.fullname));
    }
    lines.push(match (&who.token_name, &who.token_role) {
        (Some(name), Some(role)) => format!("Token “{name}” ({role}), from {source}"),
        _ => format!("Token from {source}"),
    });
    lines.extend(who.token_expires.as_ref().map(|until| format!("The token ends {until}")));
    lines.push(match who.may_infer {
        Some(true) => "The token may call Inference Providers".into(),
        Some(false) => {
            "The token may not call Inference Providers. Give it the right “Make calls to Inference Providers”.".into()
        }
        None => "Hugging Face does not say what the token may do".into(),
    });
    lines.extend(who.may_read_gated.map(|may| {
        if may { "The token may read gated models" } else { "The token may not read gated models" }.to_owned()
    }));
    lines.extend(who.token_scopes.iter().map(scope));
    lines.push(payment(who));
    if !who.orgs.is_empty() {
        let orgs: Vec<String> = who.orgs.iter().map(organisation).collect();
        lines.push(format!("Organisations: {}", orgs.join(", ")));
    }
    lines
}

/// How many questions the Hub still takes, in a sentence.
pub fn limit_line(limit: &RateLimit) -> String {
    let quota = limit.quota.map(|quota| format!(" of {quota}")).unwrap_or_default();
    let until = i64::try_from(limit.resets_at).unwrap_or(i64::MAX).saturating_sub(now() / 1000).max(0);
    format!("Questions left to the Hub ({}): {}{quota}, anew in {until} s", limit.bucket, limit.remaining)
}

fn scope(scope: &TokenScope) -> String {
    let place = if scope.entity.is_empty() { "everywhere" } else { &scope.entity };
    format!("Rights, {place}: {}", scope.permissions.join(", "))
}

fn payment(who: &WhoAmI) -> String {
    let means = if who.can_pay { "A means of payment is set up" } else { "No means of payment is set up" };
    let paid = who.period_end.map(|end| format!("paid until {}", date(end)));
    let words: Vec<String> =
        std::iter::once(means.to_owned()).chain(who.billing_mode.clone()).chain(paid).collect();
    words.join(", ")
}

fn organisation(org: &Org) -> String {
    let paid = org.period_end.map(|end| format!("paid until {}", date(end)));
    let facts: Vec<String> = org.plan.iter().cloned().chain(org.role.clone()).chain(paid).collect();
    if facts.is_empty() { org.name.clone() } else { format!("{} ({})", org.name, facts.join(", ")) }
}

/// Unix seconds as `2027-01-15`, after Howard Hinnant's `civil_from_days`.
pub(crate) fn date(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{}-{month:02}-{day:02}", year + era * 400 + later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_that_of_the_calendar() {
        for (seconds, want) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_772_323_200, "2026-03-01"),
            (1_798_761_599, "2026-12-31"),
        ] {
            assert_eq!(date(seconds), want);
        }
    }

    #[test]
    fn an_account_is_told_with_its_rights_and_who_pays() {
        let scopes =
            vec![TokenScope { entity: "acme".into(), permissions: vec!["repo.content.read".into()] }];
        let org = Org {
            name: "acme".into(),
            plan: Some("team".into()),
            role: Some("admin".into()),
            ..Org::default()
        };
        let who = WhoAmI {
            can_pay: true,
            period_end: Some(1_798_761_599),
            billing_mode: Some("postpaid".into()),
            may_infer: Some(false),
            token_scopes: scopes,
            orgs: vec![org, Org { name: "solo".into(), ..Org::default() }],
            ..WhoAmI::default()
        };
        let told = lines(&who, "HF_TOKEN").join("\n");
        for words in [
            "Token from HF_TOKEN",
            "may not call",
            "Rights, acme: repo.content.read",
            "set up, postpaid, paid until 2026-12-31",
            "Organisations: acme (team, admin), solo",
        ] {
            assert!(told.contains(words), "{words} in {told}");
        }
    }
}
