package slipway.local.lambda;

import java.util.ArrayList;
import java.util.List;
import slipway.local.queues.Message;

/**
 * Threads that take batches of messages and hand them on. Closing ends their waits; what one of
 * them has taken it brings to its end.
 */
final class Workers implements AutoCloseable {
  private final Source source;
  private final Sink sink;
  private final List<Worker> workers = new ArrayList<>();
  private volatile boolean stopped;

  /** Waits for messages; none after a while. */
  @FunctionalInterface
  interface Source {
    List<Message> take() throws InterruptedException;
  }

  @FunctionalInterface
  interface Sink {
    void give(List<Message> messages) throws InterruptedException;
  }

  private Workers(Source source, Sink sink) {
    this.source = source;
    this.sink = sink;
  }

  /**
   * Starts them.
   *
   * @param name of the threads
   */
  static Workers start(String name, int count, Source source, Sink sink) {
    var all = new Workers(source, sink);
    for (var i = 0; i < count; i++) {
      var worker = all.new Worker();
      worker.thread = Thread.ofVirtual().name(name).unstarted(worker);
      all.workers.add(worker);
    }
    all.workers.forEach(worker -> worker.thread.start());
    return all;
  }

  /** Whoever waits ends now, the others when they are done. */
  @Override
  public void close() {
    workers.forEach(Worker::close);
  }

  /** All end now, whatever they do. */
  void stop() {
    stopped = true;
    workers.forEach(worker -> worker.thread.interrupt());
  }

  private final class Worker implements Runnable {
    private Thread thread = Thread.currentThread();
    private boolean waiting;
    private boolean closed;

    @Override
    public void run() {
      try {
        while (begins()) {
          var messages = source.take();
          taken();
          if (!messages.isEmpty()) give(messages);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    private void give(List<Message> messages) throws InterruptedException {
      try {
        sink.give(messages);
      } catch (RuntimeException e) {
        System.getLogger(Workers.class.getName())
            .log(System.Logger.Level.ERROR, "a batch of " + thread.getName() + " failed", e);
      }
    }

    private synchronized boolean begins() {
      waiting = !closed && !stopped;
      return waiting;
    }

    /** An interrupt that came too late to end the wait must not end what follows. */
    private synchronized void taken() {
      waiting = false;
      if (closed && !stopped) Thread.interrupted();
    }

    private synchronized void close() {
      closed = true;
      if (waiting) thread.interrupt();
    }
  }
}
