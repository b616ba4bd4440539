package slipway.local.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import slipway.local.cloud.CallLog;

/** One step after another, each told with its duration and with what the deployer asked AWS for. */
final class Steps {
  /** Much longer than any step takes: what takes longer will not come. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Terminal terminal;
  private final CallLog calls;
  private final Instant began = Instant.now();
  private final Map<String, Instant> told = new HashMap<>();

  Steps(Terminal terminal, CallLog calls) {
    this.terminal = terminal;
    this.calls = calls;
  }

  /** A step that is done at once, or fails. */
  void take(String name, String result, Runnable action) {
    var step = terminal.begin(name);
    try {
      action.run();
    } catch (RuntimeException e) {
      throw new StepFailed(step, e.getMessage(), e);
    }
    step.done(result, "");
  }

  /**
   * Waits for what is to come.
   *
   * @param text what to say of it; an {@link Unexpected} fails the step
   * @param function whose calls to AWS are told; empty: nobody's
   */
  <T> T await(String name, CompletableFuture<T> future, Function<T, String> text, String function) {
    var step = terminal.begin(name);
    var result = await(step, future);
    try {
      step.done(text.apply(result), news(function));
    } catch (Unexpected e) {
      throw new StepFailed(step, e.getMessage(), e);
    }
    return result;
  }

  /** What came is not what should have. */
  static final class Unexpected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unexpected(String what) {
      super(what);
    }
  }

  private static <T> T await(Terminal.Step step, CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StepFailed(step, "nothing came within " + Terminal.seconds(PATIENCE), e);
    } catch (ExecutionException e) {
      throw new StepFailed(step, String.valueOf(e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepFailed(step, "interrupted", e);
    }
  }

  /** Each operation that the function called since it was last told, with how often. */
  private String news(String function) {
    var since = told.getOrDefault(function, began);
    told.put(function, Instant.now());
    var counts =
        calls.since(since).stream()
            .filter(call -> call.caller().equals(function))
            .collect(
                Collectors.groupingBy(
                    call -> call.service() + ":" + call.operation(),
                    LinkedHashMap::new,
                    Collectors.counting()));
    if (counts.isEmpty()) return "";
    return counts.entrySet().stream()
        .map(each -> each.getKey() + (each.getValue() > 1 ? " ×" + each.getValue() : ""))
        .collect(Collectors.joining(", ", function + ": ", ""));
  }
}
