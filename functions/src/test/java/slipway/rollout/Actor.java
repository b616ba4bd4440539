package slipway.rollout;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * A thread of its own that runs only while the agenda lets it: it is on its way from one call to
 * the next, and whatever happens meanwhile elsewhere happens in between. So threads are interleaved
 * at their calls, and for the same seed always in the same way.
 */
final class Actor {
  private final Agenda agenda;
  private final Semaphore turn = new Semaphore(0);
  private final Semaphore yielded = new Semaphore(0);
  private boolean left;

  Actor(Agenda agenda) {
    this.agenda = agenda;
  }

  /** Called by the actor: lets time pass, and others act in it. */
  void pause(Duration time) {
    if (agenda.idles(time)) return;
    agenda.in(time, this::run);
    yielded.release();
    turn.acquireUninterruptibly();
  }

  /** Called by the actor before it does anything: waits for its first turn. */
  void enter() {
    turn.acquireUninterruptibly();
  }

  /** Called when the actor will do nothing any more. */
  void leave() {
    left = true;
    yielded.release();
  }

  /** Whether it has not left. */
  boolean waits() {
    return !left;
  }

  /** Called by the agenda: lets the actor run until it pauses or leaves. */
  void run() {
    turn.release();
    yielded.acquireUninterruptibly();
  }
}
