//! The client as its users hold it: a connection that stays, requests, subscriptions, messages.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_core::Stream;
use tokio::sync::{Notify, oneshot};

use super::contract::{ClientChannel, Operation, Received, Sent, Subscribe};
use super::core::{
    ConnectionState, Core, Done, Encode, Event, Listener, Settings, Subscriber, SubscriberId,
    TopicSpec,
};
use super::dialer::Dialer;
use super::driver;
use super::inbox::{Delivery, Inbox, Overflow};
use super::reader::Reader;
use super::url::Target;
use super::{ClientError, Options};
use crate::channel::{ChannelInfo, Subprotocol};
use crate::typed::{Decoded, Message};

/// What one client is: the core, and a bell for whoever has its socket.
pub(super) struct Shared<M: 'static> {
    core: Mutex<Core<M>>,
    pub(super) bell: Notify,
    epoch: Instant,
}

impl<M: Message + Clone + Send + Sync + 'static> Shared<M> {
    /// The core, told how late it is. Nothing waits while it is held.
    pub(super) fn lock(&self) -> MutexGuard<'_, Core<M>> {
        let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
        core.at(self.epoch.elapsed());
        core
    }

    /// The core, and then whoever has the socket looks what there is to do.
    fn turn<R>(&self, act: impl FnOnce(&mut Core<M>) -> R) -> R {
        let result = act(&mut self.lock());
        self.bell.notify_one();
        result
    }

    /// A time of the core's; one that no clock reaches is none.
    pub(super) fn instant(&self, at: Duration) -> Option<Instant> {
        self.epoch.checked_add(at)
    }
}

/// What users hold: when the last one is gone, the client closes.
struct Owner<M: Message + Clone + Send + Sync + 'static>(Arc<Shared<M>>);

impl<M: Message + Clone + Send + Sync + 'static> Drop for Owner<M> {
    fn drop(&mut self) {
        self.0.turn(Core::abandon);
    }
}

/// A connection to a channel that comes back whenever it is lost. Cheap to clone; it closes when the
/// last clone and the last subscription are dropped.
///
/// Generated clients stand on it and hand it out for what is the same for all contracts.
pub struct Connection<C: ClientChannel> {
    owner: Arc<Owner<C::Received>>,
}

impl<C: ClientChannel> Connection<C> {
    /// Connects at once, and again whenever the connection is lost. Must be called in a tokio runtime.
    ///
    /// # Errors
    /// What is wrong now and would be with each attempt: an address that is none, a parameter without a
    /// value, a subprotocol that the contract does not declare, no runtime.
    pub fn new(options: impl Into<Options>) -> Result<Self, ClientError> {
        let options = options.into();
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| {
            ClientError::Unsupported("connect inside of a tokio runtime".to_owned())
        })?;
        let channel: &'static ChannelInfo = C::INFO;
        let target = Target::new(&options, channel.address, C::CLIENT.token)?;
        let settings = settings(&options, channel)?;
        let epoch = Instant::now();
        let dialer = Dialer::new(target, options, settings.subprotocols.clone())?;
        let mut core = Core::new(settings, C::CLIENT, epoch);
        core.start();
        let shared = Arc::new(Shared { core: Mutex::new(core), bell: Notify::new(), epoch });
        runtime.spawn(driver::drive(Arc::clone(&shared), dialer));
        Ok(Self { owner: Arc::new(Owner(shared)) })
    }

    fn shared(&self) -> &Arc<Shared<C::Received>> {
        &self.owner.0
    }

    /// The state of the connection.
    pub fn state(&self) -> ConnectionState {
        self.shared().lock().state()
    }

    /// The subprotocol that the server selected; `None` while there is no connection, too.
    pub fn subprotocol(&self) -> Option<&'static str> {
        self.shared().lock().subprotocol()
    }

    /// Waits until the connection is open. Nobody has to: requests wait by themselves.
    ///
    /// # Errors
    /// It is closed for good.
    pub async fn opened(&self) -> Result<(), ClientError> {
        let mut events = self.events();
        loop {
            {
                let core = self.shared().lock();
                if let Some(ended) = core.ended() {
                    return Err(ended.clone());
                }
                if core.state() == ConnectionState::Open {
                    return Ok(());
                }
            }
            events.next().await;
        }
    }

    /// What the client tells on its own account, from now on: changes of its state, and failures that
    /// nobody waits for.
    pub fn events(&self) -> Events {
        let inbox = Arc::new(Inbox::new(BUFFER, Overflow::DropOldest));
        self.shared().lock().watch_events(&inbox);
        Events { inbox }
    }

    /// Every message that comes from now on, replies and pushes and what the contract does not know.
    pub fn frames(&self) -> Messages<Decoded<C::Received>> {
        self.listen(|decoded| Some(decoded.clone()))
    }

    /// The messages of one kind that come from now on, `pick` being the payload of one that is.
    pub fn messages<P: Send + 'static>(&self, pick: fn(C::Received) -> Option<P>) -> Messages<P> {
        self.listen(move |decoded| pick(decoded.message.clone()))
    }

    fn listen<P: Send + 'static>(
        &self,
        pick: impl Fn(&Decoded<C::Received>) -> Option<P> + Send + Sync + 'static,
    ) -> Messages<P> {
        let inbox = Arc::new(Inbox::new(BUFFER, Overflow::DropOldest));
        let picker = Arc::new(Picker { inbox: Arc::clone(&inbox), pick });
        let weak: Weak<Picker<P, _>> = Arc::downgrade(&picker);
        let mut core = self.shared().lock();
        match core.ended().cloned() {
            Some(ended) => inbox.end(Some(ended)),
            None => core.listen(weak),
        }
        Messages { inbox, _picker: picker }
    }

    /// Sends a request and waits for its reply. Dropping the future gives the request up; what was sent
    /// is not taken back.
    ///
    /// # Errors
    /// Why there is no reply.
    pub async fn request(
        &self,
        operation: &'static Operation<C::Received>,
        message: impl Into<C::Sent>,
    ) -> Result<C::Received, ClientError> {
        match self.call(operation, message.into()).await? {
            Some(reply) => Ok(reply),
            None => Err(ClientError::Invalid {
                what: operation.name.to_owned(),
                detail: "the operation has no reply".to_owned(),
            }),
        }
    }

    /// Sends a message that is not answered, and waits until the socket has it.
    ///
    /// # Errors
    /// Why it was not sent.
    pub async fn send(
        &self,
        operation: &'static Operation<C::Received>,
        message: impl Into<C::Sent>,
    ) -> Result<(), ClientError> {
        self.call(operation, message.into()).await.map(|_| ())
    }

    async fn call(
        &self,
        operation: &'static Operation<C::Received>,
        message: C::Sent,
    ) -> Result<Option<C::Received>, ClientError> {
        let (done, outcome) = oneshot::channel();
        let done = Done::Reply(Box::new(move |outcome| {
            // Nobody may be waiting any more.
            let _ = done.send(outcome);
        }));
        let shared = Arc::clone(self.shared());
        let id = shared.turn(|core| core.call(operation, encode(message), None, done));
        let mut waiting = Waiting { shared, id: Some(id) };
        let outcome = outcome.await;
        waiting.id = None;
        outcome.unwrap_or(Err(ClientError::Closed))
    }

    /// The topics of a family.
    pub fn topic<T: Subscribe<Channel = C>>(&self) -> TopicClient<T> {
        TopicClient { connection: self.clone(), family: PhantomData }
    }

    /// Gives the connection up and makes a new one at once; also of a client that was closed or stopped.
    pub fn reconnect(&self) {
        self.shared().turn(|core| core.restart(false));
    }

    /// The same with a new token: after a login or a logout. Subscriptions go on.
    pub fn reconnect_with_new_token(&self) {
        self.shared().turn(|core| core.restart(true));
    }

    /// The machine was asleep, or is back on the network: does not sit out a wait of the client's own
    /// making, and asks an open connection for a sign of life.
    pub fn wake(&self) {
        self.shared().turn(Core::wake);
    }

    /// Closes for good: every request and subscription ends.
    pub fn close(&self) {
        self.shared().turn(Core::stop);
    }
}

impl<C: ClientChannel> Clone for Connection<C> {
    fn clone(&self) -> Self {
        Self { owner: Arc::clone(&self.owner) }
    }
}

impl<C: ClientChannel> fmt::Debug for Connection<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("state", &self.state()).finish_non_exhaustive()
    }
}

/// Messages that wait for a consumer that lags.
const BUFFER: usize = 1000;

/// A message that is written whenever there is a connection.
pub(super) fn encode<S: Message + Send + Sync + 'static>(message: S) -> Encode {
    Arc::new(move |codec, parts, out| message.encode(codec, parts, out))
}

fn settings(options: &Options, channel: &'static ChannelInfo) -> Result<Settings, ClientError> {
    let declared = channel.subprotocols;
    let subprotocols: Vec<Subprotocol> = match &options.subprotocols {
        None => declared.iter().filter(|each| is_supported(each)).copied().collect(),
        Some(wanted) => {
            let of = |name: &String| match declared.iter().find(|each| each.name == *name) {
                Some(subprotocol) => Ok(*subprotocol),
                // An unknown name would silently make this a plain client.
                None => Err(ClientError::Invalid {
                    what: "subprotocols".to_owned(),
                    detail: format!("the contract does not declare `{name}`"),
                }),
            };
            wanted.iter().map(of).collect::<Result<_, _>>()?
        }
    };
    Ok(Settings {
        channel,
        subprotocols,
        request_timeout: options.request_timeout,
        // Of no length at all it would be over before anything is tried.
        connect_timeout: options.connect_timeout.max(Duration::from_millis(1)),
        backoff: options.backoff,
        stable_after: options.stable_after,
        queue_bytes: options.queue_bytes,
        pace: options.pace,
        silence: options.silence,
        patience: options.patience,
        heartbeat: options.heartbeat,
        can_refresh: options.can_refresh,
        random: fastrand::f64,
        decide: options.decide.clone(),
    })
}

/// Whether this build has the codec.
fn is_supported(subprotocol: &Subprotocol) -> bool {
    subprotocol.codec != crate::codec::Codec::MessagePack || cfg!(feature = "msgpack")
}

/// A call whose user still waits.
struct Waiting<M: Message + Clone + Send + Sync + 'static> {
    shared: Arc<Shared<M>>,
    id: Option<u64>,
}

impl<M: Message + Clone + Send + Sync + 'static> Drop for Waiting<M> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.shared.turn(|core| core.withdraw(id));
        }
    }
}

/// What a client tells on its own account.
#[derive(Debug)]
pub struct Events {
    inbox: Arc<Inbox<Event>>,
}

impl Events {
    /// What comes next. A consumer that lags loses the oldest.
    pub async fn next(&mut self) -> Option<Event> {
        poll_fn(|context| poll_payload(&self.inbox, context)).await.and_then(Result::ok)
    }
}

/// Messages that come without a subscription. A consumer that lags loses the oldest.
pub struct Messages<P> {
    inbox: Arc<Inbox<P>>,
    _picker: Arc<dyn Send + Sync>,
}

impl<P> Messages<P> {
    /// What comes next; `None` after the end of the client, whose reason comes before it.
    pub async fn next(&mut self) -> Option<Result<P, ClientError>> {
        poll_fn(|context| poll_payload(&self.inbox, context)).await
    }
}

impl<P> Stream for Messages<P> {
    type Item = Result<P, ClientError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        poll_payload(&self.inbox, context)
    }
}

impl<P> fmt::Debug for Messages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages").finish_non_exhaustive()
    }
}

struct Picker<P, F> {
    inbox: Arc<Inbox<P>>,
    pick: F,
}

impl<M, P, F> Listener<M> for Picker<P, F>
where
    P: Send,
    F: Fn(&Decoded<M>) -> Option<P> + Send + Sync,
{
    fn push(&self, message: &Decoded<M>) {
        if let Some(payload) = (self.pick)(message) {
            self.inbox.push(payload);
        }
    }

    fn end(&self, error: Option<ClientError>) {
        self.inbox.end(error);
    }
}

/// The next payload, whatever is missing before it.
fn poll_payload<P>(
    inbox: &Inbox<P>,
    context: &mut Context<'_>,
) -> Poll<Option<Result<P, ClientError>>> {
    loop {
        match inbox.poll(context) {
            Poll::Ready(Some(Ok(Delivery::Payload(payload)))) => {
                return Poll::Ready(Some(Ok(payload)));
            }
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => return Poll::Pending,
        }
    }
}

/// Options of one subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscribeOptions {
    /// Payloads that wait at most; 1 000.
    pub buffer: usize,
    /// What gives way when more come.
    pub overflow: Overflow,
    /// Ends the subscription if the server has not confirmed it by then. Unless said it waits as long
    /// as there is no connection, and a server that is there is asked three times.
    pub timeout: Option<Duration>,
}

impl Default for SubscribeOptions {
    fn default() -> Self {
        Self { buffer: BUFFER, overflow: Overflow::DropOldest, timeout: None }
    }
}

/// The topics of one family.
pub struct TopicClient<T: Subscribe> {
    connection: Connection<T::Channel>,
    family: PhantomData<fn() -> T>,
}

impl<T: Subscribe> TopicClient<T> {
    /// Subscribes. The server is asked as soon as there is a connection, and again after each; several
    /// subscriptions to one topic are one on the wire.
    pub fn subscribe(&self, topic: T) -> Subscription<T> {
        self.subscribe_with(topic, SubscribeOptions::default())
    }

    /// Subscribes with options of its own.
    pub fn subscribe_with(&self, topic: T, options: SubscribeOptions) -> Subscription<T> {
        let name = topic.to_string();
        let reader = Arc::new(Reader::<T>::new(options.buffer, options.overflow));
        let spec = spec(&name, topic);
        let shared = Arc::clone(self.connection.shared());
        let subscriber = Arc::clone(&reader) as Arc<dyn Subscriber<Received<T>>>;
        let place = shared.turn(|core| core.subscribe(spec, subscriber, options.timeout));
        Subscription { connection: self.connection.clone(), reader, name, place }
    }
}

/// What the core needs of a topic.
pub(super) fn spec<T: Subscribe>(name: &str, topic: T) -> TopicSpec<Received<T>> {
    let encoded = |message: Option<Sent<T>>| message.map(encode);
    TopicSpec {
        name: name.to_owned(),
        family: <T as Subscribe>::FAMILY,
        subscribe: encoded(topic.subscribe()),
        unsubscribe: encoded(topic.unsubscribe()),
        matches: Box::new(move |message| topic.matches(message)),
    }
}

impl<T: Subscribe> fmt::Debug for TopicClient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TopicClient").field(&<T as Subscribe>::FAMILY.name).finish()
    }
}

/// A subscription to one topic. It outlives connections; dropping it ends it, and the last subscription
/// to a topic takes the topic off the server.
///
/// Also a [`Stream`] of payloads.
pub struct Subscription<T: Subscribe> {
    connection: Connection<T::Channel>,
    reader: Arc<Reader<T>>,
    name: String,
    place: (u64, SubscriberId),
}

impl<T: Subscribe> Subscription<T> {
    /// The topic's name.
    pub fn topic(&self) -> &str {
        &self.name
    }

    /// Whether the server has confirmed it, on the connection that there is.
    pub fn is_active(&self) -> bool {
        self.reader.is_active()
    }

    /// The server's first confirmation.
    ///
    /// # Errors
    /// There will be none: why.
    pub async fn ready(&self) -> Result<T::Reply, ClientError> {
        let mut ready = self.reader.ready();
        match ready.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(outcome)) => outcome.clone(),
            // The reader is ours, so its sender lives.
            Ok(None) | Err(_) => Err(ClientError::Closed),
        }
    }

    /// The next payload, whatever is missing before it. `None` after the end, whose reason comes before
    /// it unless its owner closed the client.
    pub async fn next(&mut self) -> Option<Result<T::Payload, ClientError>> {
        poll_fn(|context| poll_payload(&self.reader.inbox, context)).await
    }

    /// The next payload, or the place where some may be missing.
    pub async fn next_delivery(&mut self) -> Option<Result<Delivery<T::Payload>, ClientError>> {
        poll_fn(|context| self.reader.inbox.poll(context)).await
    }
}

impl<T: Subscribe> Stream for Subscription<T> {
    type Item = Result<T::Payload, ClientError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        poll_payload(&self.reader.inbox, context)
    }
}

impl<T: Subscribe> Drop for Subscription<T> {
    fn drop(&mut self) {
        let (key, id) = self.place;
        self.connection.shared().turn(|core| core.leave(key, id));
    }
}

impl<T: Subscribe> fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("topic", &self.name).finish_non_exhaustive()
    }
}
