//! What carries bytes: a TCP socket of the shard's own, or any other stream.
//!
//! Both answer at once, with [`ErrorKind::WouldBlock`](std::io::ErrorKind::WouldBlock) where they
//! would have to wait, and tell the shard when it is worth another try: a socket through the
//! shard's poll, a stream through a waker.

mod stream;

pub(crate) use stream::{AnyStream, Stream};

use mio::net::TcpStream;
use std::{
    io::{self, IoSlice, Read, Write},
    net::Shutdown,
};

pub(crate) enum Transport {
    /// Read and written directly by system calls. Four bytes of memory.
    Tcp(TcpStream),
    /// TLS, a layer's wrapper, memory: whatever the server in front of us gave.
    Stream(Box<Stream>),
}

impl Transport {
    #[inline]
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.read(buffer),
            Self::Stream(stream) => stream.read(buffer),
        }
    }

    #[inline]
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.write(bytes),
            Self::Stream(stream) => stream.write(&[IoSlice::new(bytes)]),
        }
    }

    pub(crate) fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.write_vectored(slices),
            Self::Stream(stream) => stream.write(slices),
        }
    }

    /// Hands over what a wrapper still holds back. `WouldBlock` until that is done.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Tcp(_) => Ok(()),
            Self::Stream(stream) => stream.flush(),
        }
    }

    /// Tells the peer that nothing more will be written.
    pub(crate) fn shut_down_writing(&mut self) -> io::Result<()> {
        match self {
            Self::Tcp(socket) => socket.shutdown(Shutdown::Write),
            Self::Stream(stream) => stream.shut_down(),
        }
    }
}
