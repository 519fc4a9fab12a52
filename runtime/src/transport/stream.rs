//! A stream that the shard did not open and cannot poll by itself.
//!
//! It stays registered wherever it was made (TLS over a socket of the application's runtime, for
//! instance). The shard polls it on its own thread, so that encryption runs there; a wake comes
//! back through the shard's queue.

use std::{
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    task::{Context, Poll, Waker},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Any byte stream that can move to another thread.
pub(crate) trait AnyStream: AsyncRead + AsyncWrite + Send {}

impl<S: AsyncRead + AsyncWrite + Send> AnyStream for S {}

pub(crate) struct Stream {
    io: Pin<Box<dyn AnyStream>>,
    waker: Waker,
}

impl Stream {
    pub(crate) fn new(io: Pin<Box<dyn AnyStream>>, waker: Waker) -> Self {
        Self { io, waker }
    }

    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        let cx = &mut Context::from_waker(&self.waker);
        at_once(self.io.as_mut().poll_read(cx, &mut buffer))?;
        Ok(buffer.filled().len())
    }

    pub(crate) fn write(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let cx = &mut Context::from_waker(&self.waker);
        at_once(self.io.as_mut().poll_write_vectored(cx, slices))
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        at_once(self.io.as_mut().poll_flush(&mut Context::from_waker(&self.waker)))
    }

    pub(crate) fn shut_down(&mut self) -> io::Result<()> {
        match self.io.as_mut().poll_shutdown(&mut Context::from_waker(&self.waker)) {
            Poll::Ready(done) => done,
            // What is left to do happens when the stream is dropped or polled again.
            Poll::Pending => Ok(()),
        }
    }
}

fn at_once<T>(poll: Poll<io::Result<T>>) -> io::Result<T> {
    match poll {
        Poll::Ready(result) => result,
        Poll::Pending => Err(ErrorKind::WouldBlock.into()),
    }
}
