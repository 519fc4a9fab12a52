/**
 * When a page comes back to life.
 *
 * Browsers slow the timers of hidden tabs to one a minute and stop those of frozen ones, so that a
 * page which is looked at again may hold a connection that died long ago. Workers and Node have
 * fewer of these events, or none; then the timers alone must do.
 */

/** Calls `wake` whenever the host says that things have changed; the answer ends that. */
export type WakeSource = (wake: () => void) => () => void;

interface EventSource {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

interface Page extends Partial<EventSource> {
  readonly document?: EventSource & { readonly visibilityState: string };
}

/** Visible again, thawed, back from the history cache, or back on the network. */
export const pageWake: WakeSource = (wake) => {
  const page = globalThis as unknown as Page;
  const { document } = page;
  const whenVisible = (): void => {
    if (document?.visibilityState === "visible") wake();
  };
  document?.addEventListener("visibilitychange", whenVisible);
  document?.addEventListener("resume", wake);
  page.addEventListener?.("online", wake);
  page.addEventListener?.("pageshow", wake);
  return () => {
    document?.removeEventListener("visibilitychange", whenVisible);
    document?.removeEventListener("resume", wake);
    page.removeEventListener?.("online", wake);
    page.removeEventListener?.("pageshow", wake);
  };
};
