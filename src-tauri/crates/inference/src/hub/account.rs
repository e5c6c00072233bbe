//! Whose token this is, who can pay, and what the token may do (`/api/whoami-v2`, hf-api 1.6).

use limerick_tasks::Result;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{count, flag, list, string, strings, unknown};

/// The right to call Inference Providers.
const INFER: &str = "inference.serverless.write";

/// The owner of a token (`/api/whoami-v2`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct WhoAmI {
    /// `user`, `org` or `app`.
    pub kind: String,
    /// User name.
    pub name: String,
    /// Full name; empty when there is none.
    pub fullname: String,
    /// Has a PRO subscription.
    pub is_pro: bool,
    /// Has a means of payment.
    pub can_pay: bool,
    /// End of the paid period, Unix seconds.
    #[ts(type = "number | null")]
    pub period_end: Option<u64>,
    /// `prepaid` or `postpaid`, where the Hub says it.
    pub billing_mode: Option<String>,
    /// Organisations, for `X-HF-Bill-To`.
    pub orgs: Vec<Org>,
    /// The token's name, where the Hub says it.
    pub token_name: Option<String>,
    /// `read`, `write`, `fineGrained`, …
    pub token_role: Option<String>,
    /// What a fine-grained token may do.
    pub token_scopes: Vec<TokenScope>,
    /// When the token ends, as the Hub writes it; sign-ins have that.
    pub token_expires: Option<String>,
    /// Whether the token may read gated models; `None` when the Hub does not say.
    pub may_read_gated: Option<bool>,
    /// Whether the token may call Inference Providers; `None` when the Hub does not say.
    pub may_infer: Option<bool>,
}

/// An organisation of the token's owner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Org {
    /// The name to bill.
    pub name: String,
    /// Its name on screen.
    pub fullname: String,
    /// Has a means of payment.
    pub can_pay: bool,
    /// Its plan, where the Hub says it: `team`, `enterprise`, …
    pub plan: Option<String>,
    /// The owner's part in it: `admin`, `write`, …
    pub role: Option<String>,
    /// End of the paid period, Unix seconds.
    #[ts(type = "number | null")]
    pub period_end: Option<u64>,
}

/// What a fine-grained token may do, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TokenScope {
    /// The user, organisation or repository; empty for all.
    pub entity: String,
    /// The rights' names: `inference.serverless.write`, `repo.content.read`, …
    pub permissions: Vec<String>,
}

impl WhoAmI {
    /// The plan in a person's words: `PRO` or `free`.
    pub fn plan(&self) -> &'static str {
        if self.is_pro { "PRO" } else { "free" }
    }
}

/// Reads `/api/whoami-v2`.
pub(crate) fn whoami(value: &Value) -> Result<WhoAmI> {
    let name = string(value, "/name").ok_or_else(|| unknown("who the token belongs to"))?;
    let token_role = string(value, "/auth/accessToken/role");
    let token_scopes = scopes(value);
    Ok(WhoAmI {
        kind: string(value, "/type").unwrap_or_else(|| "user".into()),
        fullname: string(value, "/fullname").unwrap_or_default(),
        is_pro: flag(value, "/isPro").unwrap_or(false),
        can_pay: flag(value, "/canPay").unwrap_or(false),
        period_end: count(value, "/periodEnd"),
        billing_mode: string(value, "/billingMode"),
        orgs: list(value, "/orgs").filter_map(org).collect(),
        token_name: string(value, "/auth/accessToken/displayName"),
        token_expires: string(value, "/auth/expiresAt"),
        may_read_gated: flag(value, "/auth/accessToken/fineGrained/canReadGatedRepos"),
        may_infer: token_role.as_deref().map(|role| role != "fineGrained" || may_infer(&token_scopes)),
        token_role,
        token_scopes,
        name,
    })
}

fn org(value: &Value) -> Option<Org> {
    let name = string(value, "/name")?;
    let enterprise = flag(value, "/isEnterprise").unwrap_or(false).then(|| "enterprise".to_owned());
    Some(Org {
        fullname: string(value, "/fullname").unwrap_or_else(|| name.clone()),
        can_pay: flag(value, "/canPay").unwrap_or(false),
        plan: string(value, "/plan").or(enterprise),
        role: string(value, "/roleInOrg"),
        period_end: count(value, "/periodEnd"),
        name,
    })
}

/// `global` holds for all, `scoped` for one entity each.
fn scopes(value: &Value) -> Vec<TokenScope> {
    let global = strings(value, "/auth/accessToken/fineGrained/global");
    let all = (!global.is_empty()).then(|| TokenScope { entity: String::new(), permissions: global });
    let scoped = list(value, "/auth/accessToken/fineGrained/scoped").map(|row| TokenScope {
        entity: string(row, "/entity/name").or_else(|| string(row, "/entity/_id")).unwrap_or_default(),
        permissions: strings(row, "/permissions"),
    });
    all.into_iter().chain(scoped).collect()
}

fn may_infer(scopes: &[TokenScope]) -> bool {
    scopes.iter().any(|scope| scope.permissions.iter().any(|right| right == INFER))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use limerick_tasks::ErrorCode;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_right_to_infer_is_read_from_a_fine_grained_token() {
        let with =
            |auth: Value| whoami(&json!({"name": "n", "auth": {"accessToken": auth}})).unwrap().may_infer;
        assert_eq!(with(json!({"role": "read"})), Some(true));
        assert_eq!(with(json!({"role": "fineGrained", "fineGrained": {"global": []}})), Some(false));
        let granted = json!({"role": "fineGrained", "fineGrained": {"global": [INFER]}});
        assert_eq!(with(granted), Some(true));
        let scoped = json!([{"entity": {"type": "org", "name": "acme"}, "permissions": [INFER]}]);
        assert_eq!(with(json!({"role": "fineGrained", "fineGrained": {"scoped": scoped}})), Some(true));
        assert_eq!(with(Value::Null), None);
    }

    #[test]
    fn the_plan_the_organisations_and_the_paid_period_are_read() {
        let who = whoami(&json!({
            "type": "user", "name": "n", "isPro": true, "canPay": true, "periodEnd": 1_800_000_000,
            "billingMode": "postpaid", "auth": {"expiresAt": "2027-01-01T00:00:00.000Z"},
            "orgs": [{"name": "a", "plan": "team", "roleInOrg": "admin"}, {"name": "b", "isEnterprise": true}, {}],
        }));
        let who = who.unwrap();
        assert_eq!((who.plan(), who.period_end, who.can_pay), ("PRO", Some(1_800_000_000), true));
        assert_eq!(who.token_expires.as_deref(), Some("2027-01-01T00:00:00.000Z"));
        let plans: Vec<_> = who.orgs.iter().map(|org| (org.name.as_str(), org.plan.as_deref())).collect();
        assert_eq!(plans, [("a", Some("team")), ("b", Some("enterprise"))]);
        assert_eq!(whoami(&json!({"orgs": []})).unwrap_err().code, ErrorCode::Format);
    }
}
