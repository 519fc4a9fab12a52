//! Who of a shard's connections gets which topic.
//!
//! Adding, removing and finding the next receiver each take constant time, however many topics
//! and connections there are.

use super::pacing::Pace;
use crate::hub::Topic;
use std::{sync::Arc, time::Duration};

#[derive(Debug)]
pub(crate) struct Members {
    shard: usize,
    topics: Vec<LocalTopic>,
    free_topics: Vec<u32>,
    memberships: Vec<Membership>,
    free_memberships: Vec<u32>,
}

#[derive(Debug)]
struct LocalTopic {
    topic: Option<Arc<Topic>>,
    members: Vec<Member>,
    /// Members that get the newest value at intervals, by their interval.
    paces: Vec<Pace>,
    /// The largest `from` of a member that was ever added.
    from: u64,
}

/// One receiver of a topic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    /// Index of the connection.
    pub(crate) connection: u32,
    membership: u32,
    /// Offset of the topic's last message that it has: those up to it, though still in the
    /// shard's queue, are not for it.
    from: u64,
}

impl Member {
    /// Whether it has the message with this offset of the topic's log already.
    #[inline]
    pub(crate) fn has(&self, offset: u64) -> bool {
        offset != 0 && offset <= self.from
    }
}

/// Where in which topic's list a member stands.
#[derive(Clone, Copy, Debug)]
struct Membership {
    topic: u32,
    /// Index of its pace; `None` for one that gets everything at once.
    pace: Option<u32>,
    position: u32,
}

/// Names a membership; given up by [`Members::remove`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MembershipId(u32);

impl Members {
    pub(crate) fn new(shard: usize) -> Self {
        Self {
            shard,
            topics: Vec::new(),
            free_topics: Vec::new(),
            memberships: Vec::new(),
            free_memberships: Vec::new(),
        }
    }

    /// Adds a receiver: of everything that is published, or with an interval of the newest values.
    pub(crate) fn add(
        &mut self,
        topic: &Arc<Topic>,
        connection: u32,
        from: u64,
        interval: Option<Duration>,
    ) -> MembershipId {
        let local = match topic.local(self.shard) {
            Some(local) => local,
            None => self.add_topic(topic),
        };
        let LocalTopic { members, paces, from: latest, .. } = &mut self.topics[local as usize];
        *latest = (*latest).max(from);
        let (pace, members) = match interval {
            None => (None, members),
            Some(interval) => {
                // Clients choose intervals: the place of one that nobody has any more is taken, so that
                // there are never more paces than there were members at a time.
                let known = paces.iter().position(|pace| pace.interval == interval);
                let place = known.or_else(|| paces.iter().position(|pace| pace.members.is_empty()));
                let pace = place.unwrap_or(paces.len());
                match (known, paces.get_mut(pace)) {
                    (Some(_), _) => {}
                    (None, Some(unused)) => *unused = Pace::new(interval),
                    (None, None) => paces.push(Pace::new(interval)),
                }
                (Some(pace as u32), &mut paces[pace].members)
            }
        };
        let place = Membership { topic: local, pace, position: members.len() as u32 };
        let membership = match self.free_memberships.pop() {
            Some(free) => {
                self.memberships[free as usize] = place;
                free
            }
            None => {
                self.memberships.push(place);
                (self.memberships.len() - 1) as u32
            }
        };
        members.push(Member { connection, membership, from });
        MembershipId(membership)
    }

    fn add_topic(&mut self, topic: &Arc<Topic>) -> u32 {
        let entry = LocalTopic {
            topic: Some(Arc::clone(topic)),
            members: Vec::new(),
            paces: Vec::new(),
            from: 0,
        };
        let local = match self.free_topics.pop() {
            Some(free) => {
                self.topics[free as usize] = entry;
                free
            }
            None => {
                self.topics.push(entry);
                (self.topics.len() - 1) as u32
            }
        };
        topic.set_local(self.shard, Some(local));
        local
    }

    pub(crate) fn remove(&mut self, id: MembershipId) {
        let Membership { topic, pace, position } = self.memberships[id.0 as usize];
        self.free_memberships.push(id.0);
        let local = &mut self.topics[topic as usize];
        let members = match pace {
            None => &mut local.members,
            Some(pace) => &mut local.paces[pace as usize].members,
        };
        members.swap_remove(position as usize);
        if let Some(moved) = members.get(position as usize) {
            self.memberships[moved.membership as usize].position = position;
        }
        if local.members.is_empty() && local.paces.iter().all(|pace| pace.members.is_empty()) {
            local.members = Vec::new();
            local.paces = Vec::new();
            if let Some(gone) = local.topic.take() {
                gone.set_local(self.shard, None);
            }
            self.free_topics.push(topic);
        }
    }

    /// The paces of a topic.
    #[inline]
    pub(crate) fn paces_mut(&mut self, local: u32) -> &mut [Pace] {
        self.topics.get_mut(local as usize).map_or(&mut [], |topic| &mut topic.paces)
    }

    /// The shard's index of a membership's topic.
    pub(crate) fn topic(&self, id: &MembershipId) -> u32 {
        self.memberships[id.0 as usize].topic
    }

    /// Whether some receiver of a topic has this message already.
    #[inline]
    pub(crate) fn some_have(&self, local: u32, offset: u64) -> bool {
        offset != 0 && self.topics.get(local as usize).is_some_and(|topic| offset <= topic.from)
    }

    /// The receivers of a topic, by the index that the shard gave it.
    #[inline]
    pub(crate) fn of(&self, local: u32) -> &[Member] {
        self.topics.get(local as usize).map_or(&[], |topic| &topic.members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        codec::Codec,
        hub::{Class, TopicTable},
    };
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_interval_that_nobody_has_any_more_gives_up_its_place() {
        let table = Arc::new(TopicTable::new(1));
        let interest = table.interest("quotes", 0, Class::new(Codec::Json, None));
        let mut members = Members::new(0);
        let _stays = members.add(interest.topic(), 0, 0, None);
        for milliseconds in 1..1000 {
            let interval = Some(Duration::from_millis(milliseconds));
            let paced = members.add(interest.topic(), 1, 0, interval);
            members.remove(paced);
        }
        let local = interest.topic().local(0).unwrap();
        assert_eq!(members.paces_mut(local).len(), 1);
    }

    proptest! {
        #[test]
        fn members_are_those_added_and_not_removed(
            steps in prop::collection::vec((any::<bool>(), 0u32..6, 0usize..3), 0..200),
        ) {
            let table = Arc::new(TopicTable::new(1));
            let class = Class::new(Codec::Json, None);
            let interests: Vec<_> =
                ["a", "b", "c"].iter().map(|name| table.interest(name, 0, class)).collect();
            let mut members = Members::new(0);
            let mut held: Vec<(u32, usize, MembershipId)> = Vec::new();
            for (add, connection, topic) in steps {
                let found = held.iter().position(|(c, t, _)| (*c, *t) == (connection, topic));
                match (add, found) {
                    (true, None) => {
                        let id = members.add(
                            interests[topic].topic(),
                            connection,
                            0,
                            (connection % 2 == 1).then_some(Duration::from_secs(1)),
                        );
                        held.push((connection, topic, id));
                    }
                    (false, Some(found)) => members.remove(held.swap_remove(found).2),
                    _ => {}
                }
                for (topic, interest) in interests.iter().enumerate() {
                    let expected: BTreeSet<u32> = held
                        .iter()
                        .filter(|(_, t, _)| *t == topic)
                        .map(|(connection, ..)| *connection)
                        .collect();
                    let listed: Vec<u32> = match interest.topic().local(0) {
                        Some(local) => {
                            let paced = members.paces_mut(local).iter().flat_map(|of| &of.members);
                            let paced: Vec<u32> = paced.map(|m| m.connection).collect();
                            let all = members.of(local).iter().map(|m| m.connection);
                            all.chain(paced).collect()
                        }
                        None => Vec::new(),
                    };
                    prop_assert_eq!(listed.len(), expected.len());
                    prop_assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected);
                }
            }
        }
    }
}
