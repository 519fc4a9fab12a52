//! A scripted peer: frames in, cut at every byte, events out.

use super::*;
use crate::frame::write_frame;
use proptest::prelude::*;

const LIMITS: SizeLimits = SizeLimits { frame: 1 << 20, message: 1 << 20 };
const KEY: Option<[u8; 4]> = Some([1, 2, 3, 4]);

/// What a peer sees of an event: owned, so that it outlives the input.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
}

fn seen(event: Event<'_>) -> Seen {
    match event {
        Event::Text(text) => Seen::Text(text.into_owned()),
        Event::Binary(bytes) => Seen::Binary(bytes.into_owned()),
        Event::Ping(bytes) => Seen::Ping(bytes.to_vec()),
        Event::Pong(bytes) => Seen::Pong(bytes.to_vec()),
        Event::Close(None) => Seen::Close(None),
        Event::Close(Some(close)) => Seen::Close(Some((close.code, close.reason.to_owned()))),
    }
}

/// Feeds `parts` one after the other; the events until the end or the first violation.
fn read<'p>(
    decoder: &mut Decoder,
    parts: impl IntoIterator<Item = &'p [u8]>,
) -> (Vec<Seen>, Option<Violation>) {
    let mut scratch = Scratch::default();
    let mut events = Vec::new();
    for part in parts {
        let mut input = part.to_vec();
        let mut at = 0;
        loop {
            match decoder.next(&mut input, &mut at, &mut scratch) {
                Ok(Some(event)) => events.push(seen(event)),
                Ok(None) => break,
                Err(violation) => return (events, Some(violation)),
            }
        }
        assert_eq!(at, part.len(), "all input is taken");
    }
    (events, None)
}

fn server() -> Decoder {
    Decoder::new(Role::Server, LIMITS)
}

fn frame(fin: bool, opcode: OpCode, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write_frame(&mut out, opcode, payload, KEY);
    if !fin {
        out[0] &= 0x7f;
    }
    out
}

#[test]
fn a_whole_frame_is_lent_from_the_input_and_leaves_nothing_behind() {
    let mut decoder = server();
    let mut input = frame(true, OpCode::Text, b"hello");
    let (mut at, mut scratch) = (0, Scratch::default());
    let event = decoder.next(&mut input, &mut at, &mut scratch).unwrap();
    assert!(matches!(event, Some(Event::Text(Cow::Borrowed("hello")))));
    assert!(!decoder.is_mid_message());
}

#[test]
fn control_frames_come_between_the_parts_of_a_message() {
    let wire = [
        frame(false, OpCode::Text, "hé".as_bytes()),
        frame(true, OpCode::Ping, b"?"),
        frame(false, OpCode::Continuation, b""),
        frame(true, OpCode::Continuation, b"llo"),
        frame(true, OpCode::Close, b"\x03\xe8bye"),
    ]
    .concat();
    let expected = vec![
        Seen::Ping(b"?".to_vec()),
        Seen::Text("héllo".into()),
        Seen::Close(Some((1000, "bye".into()))),
    ];
    for cut in 0..wire.len() {
        let mut decoder = server();
        let (events, violation) = read(&mut decoder, [&wire[..cut], &wire[cut..]]);
        assert_eq!((&events, violation), (&expected, None), "cut at {cut}");
        assert!(!decoder.is_mid_message(), "nothing is kept after cut at {cut}");
    }
}

#[test]
fn each_violation_is_told_by_its_name() {
    let cases: [(&str, Vec<u8>, Violation); 11] = [
        ("unmasked", vec![0x81, 0x01, b'x'], Violation::Unmasked),
        ("compressed", vec![0xc1, 0x80, 0, 0, 0, 0], Violation::ReservedBits),
        ("reserved", vec![0xb1, 0x80, 0, 0, 0, 0], Violation::ReservedBits),
        ("opcode", vec![0x8b, 0x80, 0, 0, 0, 0], Violation::ReservedOpcode(11)),
        ("continuation", frame(true, OpCode::Continuation, b""), Violation::UnexpectedContinuation),
        (
            "interleaved",
            [frame(false, OpCode::Text, b"a"), frame(true, OpCode::Text, b"b")].concat(),
            Violation::InterleavedMessage,
        ),
        ("close length", frame(true, OpCode::Close, b"x"), Violation::CloseLength),
        ("close code", frame(true, OpCode::Close, &[3, 0xed]), Violation::CloseCode(1005)),
        ("close reason", frame(true, OpCode::Close, &[3, 0xe8, 0xff]), Violation::CloseReason),
        ("text", frame(true, OpCode::Text, &[b'a', 0xff]), Violation::Utf8),
        (
            "text in parts",
            [frame(false, OpCode::Text, &[0xe2]), frame(true, OpCode::Continuation, &[0x82])]
                .concat(),
            Violation::Utf8,
        ),
    ];
    for (name, wire, expected) in cases {
        for size in 1..=wire.len() {
            let (_, violation) = read(&mut server(), wire.chunks(size));
            assert_eq!(violation, Some(expected), "{name} in parts of {size}");
        }
    }
}

#[test]
fn bad_text_is_refused_before_its_frame_is_whole() {
    let whole = frame(true, OpCode::Text, &[b'a', 0xff, b'b', b'c']);
    let (_, violation) = read(&mut server(), [&whole[..whole.len() - 2]]);
    assert_eq!(violation, Some(Violation::Utf8));
}

#[test]
fn sizes_are_judged_by_the_header_before_the_payload_is_there() {
    let limits = SizeLimits { frame: 10, message: 15 };
    let header = |length: u8, fin: u8, opcode: u8| vec![fin | opcode, 0x80 | length, 0, 0, 0, 0];
    let (_, violation) = read(&mut Decoder::new(Role::Server, limits), [&*header(11, 0x80, 2)]);
    assert_eq!(violation, Some(Violation::FrameTooLarge { length: 11, limit: 10 }));
    let mut wire = frame(false, OpCode::Binary, &[0; 10]);
    wire.extend(header(6, 0x80, 0));
    let (_, violation) = read(&mut Decoder::new(Role::Server, limits), [&*wire]);
    assert_eq!(violation, Some(Violation::MessageTooLarge { length: 16, limit: 15 }));
}

#[test]
fn a_client_reads_unmasked_frames_only() {
    let mut wire = Vec::new();
    write_frame(&mut wire, OpCode::Text, b"push", None);
    let (events, _) = read(&mut Decoder::new(Role::Client, LIMITS), [&*wire]);
    assert_eq!(events, [Seen::Text("push".into())]);
    let (_, violation) =
        read(&mut Decoder::new(Role::Client, LIMITS), [&*frame(true, OpCode::Text, b"x")]);
    assert_eq!(violation, Some(Violation::Masked));
}

/// A message or control frame, and the frames that carry it.
fn exchange() -> impl Strategy<Value = (Seen, Vec<Vec<u8>>)> {
    let lengths = prop_oneof![0usize..200, 65_530usize..65_540];
    let text = ("[a-zé€😀]{0,40}", 1usize..9).prop_map(|(text, size)| {
        (Seen::Text(text.clone()), in_parts(OpCode::Text, text.as_bytes(), size))
    });
    let binary = (lengths, 1usize..40_000, any::<u8>()).prop_map(|(length, size, byte)| {
        let bytes = vec![byte; length];
        (Seen::Binary(bytes.clone()), in_parts(OpCode::Binary, &bytes, size.max(length / 20 + 1)))
    });
    let ping = prop::collection::vec(any::<u8>(), 0..126)
        .prop_map(|bytes| (Seen::Ping(bytes.clone()), vec![frame(true, OpCode::Ping, &bytes)]));
    let pong = prop::collection::vec(any::<u8>(), 0..126)
        .prop_map(|bytes| (Seen::Pong(bytes.clone()), vec![frame(true, OpCode::Pong, &bytes)]));
    prop_oneof![text, binary, ping, pong]
}

fn in_parts(opcode: OpCode, payload: &[u8], size: usize) -> Vec<Vec<u8>> {
    let parts: Vec<&[u8]> =
        if payload.is_empty() { vec![payload] } else { payload.chunks(size).collect() };
    let last = parts.len() - 1;
    parts
        .iter()
        .enumerate()
        .map(|(i, part)| frame(i == last, if i == 0 { opcode } else { OpCode::Continuation }, part))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_conversation_reads_the_same_however_it_is_cut(
        exchanges in prop::collection::vec(exchange(), 1..6),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let expected: Vec<Seen> = exchanges.iter().map(|(seen, _)| seen.clone()).collect();
        let wire: Vec<u8> =
            exchanges.iter().flat_map(|(_, frames)| frames.concat()).collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(wire.len())).collect();
        cuts.extend([0, wire.len()]);
        cuts.sort_unstable();
        let parts = cuts.windows(2).map(|pair| &wire[pair[0]..pair[1]]);
        let mut decoder = server();
        let (events, violation) = read(&mut decoder, parts);
        prop_assert_eq!(violation, None);
        prop_assert_eq!(events, expected);
        prop_assert!(!decoder.is_mid_message());
    }

    #[test]
    fn any_bytes_give_the_same_result_whole_and_byte_by_byte(bytes: Vec<u8>) {
        let whole = read(&mut server(), [&*bytes]);
        let single = read(&mut server(), bytes.chunks(1));
        prop_assert_eq!(whole, single);
    }
}
