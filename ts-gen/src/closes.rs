//! Close tables: what the contract says, completed by the defaults of the runtime.

use contract::model::{Action, CloseCode, Endpoint, Situation};

use crate::layout::{Doc, braced, concat, indent, text};
use crate::writer::entry;
use crate::{ident, runtime};

/// What a situation closes with where the contract does not say: `DEFAULT_CLOSES` of the runtime's
/// `close.ts`.
const DEFAULTS: [(Situation, u16, &str, Action); 13] = [
    (Situation::Undecodable, 4500, "could not decode message", Action::Stop),
    (Situation::Invalid, 4501, "could not validate payload", Action::Stop),
    (Situation::UnknownType, 4502, "no matching type", Action::Stop),
    (Situation::Heartbeat, 4000, "heartbeat missed", Action::Retry),
    (Situation::Lifespan, 4001, "connection lifespan reached", Action::Retry),
    (Situation::TokenExpired, 4200, "token expired", Action::Refresh),
    (Situation::TokenBad, 4201, "token not accepted", Action::Refresh),
    (Situation::Origin, 4503, "origin not allowed", Action::Stop),
    (Situation::Overloaded, 4101, "overloaded", Action::BackOff),
    (Situation::Rate, 4102, "rate limit exceeded", Action::BackOff),
    (Situation::TooLarge, 1009, "message too large", Action::Stop),
    (Situation::Shutdown, 1012, "service restart", Action::Retry),
    (Situation::Slow, 4100, "slow consumer", Action::BackOff),
];

/// The table of an endpoint: nothing where no client is closed by it.
pub(crate) fn table(endpoint: &Endpoint) -> Doc {
    let declared = endpoint.subprotocols.iter().any(|subprotocol| subprotocol.declared_closes);
    if endpoint.close_codes.is_empty() {
        return if declared { runtime::of(&runtime::DEFAULT_CLOSES) } else { text("[]") };
    }
    let lines = DEFAULTS.iter().map(|(situation, code, reason, then)| {
        let said = endpoint.close_codes.iter().find(|line| line.0 == *situation);
        let line = match said {
            Some((_, CloseCode { code, reason, then })) => (*code, reason.as_str(), *then),
            None => (*code, *reason, *then),
        };
        concat([Doc::HardLine, rule(*situation, line), text(",")])
    });
    concat([text("["), indent(lines), Doc::HardLine, text("]")])
}

fn rule(situation: Situation, (code, reason, then): (u16, &str, Action)) -> Doc {
    let quoted = |value: &str| text(ident::string(value));
    braced(vec![
        entry("situation", quoted(situation.name())),
        entry("code", text(code.to_string())),
        entry("reason", quoted(reason)),
        entry("then", quoted(then.name())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::render;

    #[test]
    fn the_defaults_are_those_of_the_runtime() {
        let (_, text) = runtime::FILES.iter().find(|file| file.0 == "close.ts").unwrap();
        let start = text.find("export const DEFAULT_CLOSES").unwrap();
        let end = start + text[start..].find("];").unwrap();
        let theirs: Vec<&str> =
            text[start..end].lines().map(str::trim).filter(|line| line.starts_with('{')).collect();
        let ours = DEFAULTS.iter().map(|(situation, code, reason, then)| {
            let rule = rule(*situation, (*code, reason, *then));
            render(&rule, &|symbol| symbol.name.to_owned()) + ","
        });
        assert_eq!(ours.collect::<Vec<String>>(), theirs);
        assert_eq!(DEFAULTS.map(|line| line.0), Situation::ALL);
    }
}
