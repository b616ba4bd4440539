package slipway.local.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Progress for a person: one line a step, with its duration. On a terminal the line of the running
 * step moves and colours are used (unless {@code NO_COLOR} is set, see no-color.org); elsewhere
 * each line is printed once, plain, when the step ends.
 */
final class Terminal implements AutoCloseable {
  private static final String[] SPINNER = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  private static final int NAME_WIDTH = 24;
  private static final int TEXT_WIDTH = 52;

  private final PrintStream out;
  private final boolean live;
  private final LongSupplier nanos;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());
  private Step running;
  private int frame;

  Terminal(PrintStream out, boolean live, LongSupplier nanos) {
    this.out = out;
    this.live = live;
    this.nanos = nanos;
    if (live) ticker.scheduleAtFixedRate(this::tick, 100, 100, TimeUnit.MILLISECONDS);
  }

  /** The terminal this process has, if it has one. */
  static Terminal ofThisProcess() {
    var live =
        System.console() != null
            && System.console().isTerminal()
            && System.getenv("NO_COLOR") == null
            && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(System.out, live, System::nanoTime);
  }

  /** A step that began now; end it with {@link Step#done} or {@link Step#failed}. */
  synchronized Step begin(String name) {
    running = new Step(name, nanos.getAsLong());
    draw();
    return running;
  }

  synchronized void heading(String text) {
    out.println();
    out.println(style("1", text));
  }

  synchronized void say(String text) {
    clear();
    out.println(text);
    draw();
  }

  /** The table at the end. */
  synchronized void summary(List<String> rows, Duration took) {
    heading("In short");
    rows.forEach(row -> out.println("   " + row));
    out.println("   %-56s %12s".formatted("all of it", seconds(took)));
  }

  /** Text in bold, where the terminal can. */
  String bold(String text) {
    return style("1", text);
  }

  /** Text in the background, where the terminal can. */
  String faint(String text) {
    return style("2", text);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    synchronized (this) {
      clear();
      running = null;
      out.flush();
    }
  }

  /** 0.4 s, 12.3 s, 1 min 02 s. */
  static String seconds(Duration duration) {
    return duration.toMinutes() > 0
        ? "%d min %02d s".formatted(duration.toMinutes(), duration.toSecondsPart())
        : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  private synchronized void tick() {
    frame++;
    draw();
  }

  private void draw() {
    if (!live || running == null) return;
    clear();
    var took = seconds(Duration.ofNanos(nanos.getAsLong() - running.began));
    out.print(
        " "
            + style("36", SPINNER[frame % SPINNER.length])
            + " "
            + pad(running.name, NAME_WIDTH)
            + " "
            + pad(running.text, TEXT_WIDTH)
            + faint(took));
    out.flush();
  }

  private void clear() {
    if (live) out.print("\r\u001b[2K");
  }

  private String style(String code, String text) {
    return live ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private static String pad(String text, int width) {
    var shown = text.length() > width ? text.substring(0, width - 1) + "…" : text;
    return shown + " ".repeat(width - shown.length());
  }

  /** One line of progress. */
  final class Step {
    private final String name;
    private final long began;
    private String text = "";

    private Step(String name, long began) {
      this.name = name;
      this.began = began;
    }

    /** What it is doing now; shown while it runs. */
    void now(String doing) {
      synchronized (Terminal.this) {
        text = doing;
        draw();
      }
    }

    /**
     * Ends well.
     *
     * @param result what came of it
     * @param detail for the curious, on a line of its own; may be empty
     * @return how long it took
     */
    Duration done(String result, String detail) {
      return end(style("32", "✓"), result, detail);
    }

    /** Ends badly; says why on the line and what to look at below it. */
    Duration failed(String why, String next) {
      return end(style("31", "✗"), why, next);
    }

    private Duration end(String mark, String result, String detail) {
      synchronized (Terminal.this) {
        var took = Duration.ofNanos(nanos.getAsLong() - began);
        clear();
        var line = " " + mark + " " + pad(name, NAME_WIDTH) + " ";
        out.println(
            line
                + (result.length() > TEXT_WIDTH ? result + "  " : pad(result, TEXT_WIDTH))
                + faint(seconds(took)));
        if (!detail.isEmpty()) detail.lines().forEach(each -> out.println("   " + faint(each)));
        out.flush();
        running = null;
        return took;
      }
    }
  }
}
