package slipway.notice;

import java.lang.ScopedValue.CallableOp;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import slipway.json.Json;

/**
 * The log, for people and for CloudWatch Logs Insights: one JSON object per line, and one line per
 * outcome.
 *
 * <p>It goes to standard output. With its log format JSON, Lambda takes a line that is JSON as it
 * is, and takes its {@code timestamp} and {@code level}; what a function gives to Lambda's own
 * logger it would wrap as text into the member {@code message}, where neither Insights nor the
 * embedded metric format look. So the id of the request is set here, too, by the name that Lambda's
 * own lines have it by.
 */
public final class Log {
  private static final ScopedValue<Request> REQUEST = ScopedValue.newInstance();
  private static final ScopedValue<About> AROUND = ScopedValue.newInstance();

  /** Of the lines alone: nothing is decided by it. */
  private static final Clock CLOCK = Clock.systemUTC();

  /** Where Lambda puts the trace of the invocation; SDK clients read it there and send it on. */
  private static final String TRACE = "com.amazonaws.xray.traceHeader";

  private Log() {}

  /** One invocation of a function. */
  private static final class Request {
    private final String id;
    private @Nullable Throwable told;

    Request(String id) {
      this.id = id;
    }

    /** Whether this was not told before: it passes several on its way out. */
    synchronized boolean news(Throwable failure) {
      var before = told;
      told = failure;
      return before != failure;
    }
  }

  /**
   * Serves an invocation. Its lines carry its id; what it throws is written as a line, and thrown.
   *
   * @param request id that Lambda gave the invocation
   */
  public static <R, X extends Throwable> R during(String request, CallableOp<? extends R, X> work)
      throws X {
    return ScopedValue.where(REQUEST, new Request(request))
        .call(() -> watched(About.NOTHING, work));
  }

  /**
   * Does something about somebody: lines within that do not tell whom they are about are about
   * them, and so is what the work throws.
   */
  public static <R, X extends Throwable> R about(About about, CallableOp<? extends R, X> work)
      throws X {
    var whole = about.within(around());
    return ScopedValue.where(AROUND, whole).call(() -> watched(whole, work));
  }

  /** Takes the invocation along to another thread. */
  public static Runnable carried(Runnable work) {
    if (!REQUEST.isBound()) return work;
    var request = REQUEST.get();
    return () -> ScopedValue.where(REQUEST, request).run(work);
  }

  private static <R, X extends Throwable> R watched(About about, CallableOp<? extends R, X> work)
      throws X {
    try {
      return work.call();
    } catch (Throwable failure) {
      // Outside of an invocation whoever calls hears of it.
      if (REQUEST.isBound() && REQUEST.get().news(failure)) write(Line.failure(about, failure));
      throw failure;
    }
  }

  /** Writes a line. */
  public static void line(About about, String what, Map<String, ?> facts) {
    write(Line.info(about, what, facts));
  }

  /** Writes a line about something that failed and did not stop the work. */
  public static void trouble(About about, String what, Map<String, ?> facts, Throwable cause) {
    write(Line.trouble(about, what, facts, cause));
  }

  /** Writes a line. */
  public static void write(Line line) {
    System.out.println(text(line));
  }

  /** Makes a line and drops it: in a rehearsal nothing happens that the log could tell. */
  public static void rehearse(Line line) {
    var _ = text(line);
  }

  static String text(Line line) {
    var now = CLOCK.instant();
    var about = line.about().within(around());
    var members = new LinkedHashMap<String, Object>();
    members.put("timestamp", now.toString());
    members.put("level", line.level().name());
    members.put("event", line.what());
    about.write(members);
    if (REQUEST.isBound()) members.put("AWSRequestId", REQUEST.get().id);
    trace().ifPresent(id -> members.put("trace", id));
    members.putAll(line.facts());
    line.measured()
        .ifPresent(measured -> measured.write(about.services().getFirst(), now, members));
    return Json.write(members);
  }

  private static About around() {
    return AROUND.isBound() ? AROUND.get() : About.NOTHING;
  }

  /** Id of the trace of the invocation, such as {@code 1-5759e988-bd862e3fe1be46a994272793}. */
  private static Optional<String> trace() {
    return Optional.ofNullable(System.getProperty(TRACE)).flatMap(Log::trace);
  }

  /**
   * The id in a trace's header.
   *
   * @param header of the runtime, or {@code AWSTraceHeader} of a message: of the one who sent it
   */
  public static Optional<String> trace(String header) {
    for (var part : header.split(";"))
      if (part.startsWith("Root=")) return Optional.of(part.substring("Root=".length()));
    return Optional.empty();
  }
}
