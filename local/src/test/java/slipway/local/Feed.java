package slipway.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Something that happens again and again, to wait for.
 *
 * @param listen calls the listener with each one from now on
 * @param past every one so far, oldest first
 */
record Feed<T>(Consumer<Consumer<T>> listen, Supplier<List<T>> past) {

  /** The first one that is wanted, of those that were or that will be. */
  T first(String what, Duration within, Predicate<T> wanted) {
    var found = new CompletableFuture<T>();
    // Listens before it looks back: what happens in between is seen twice, not missed.
    listen.accept(
        each -> {
          if (wanted.test(each)) found.complete(each);
        });
    past.get().stream().filter(wanted).findFirst().ifPresent(found::complete);
    try {
      return found.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      var last = past.get();
      throw new AssertionError(
          "%s did not come within %s; the last of %d are %s"
              .formatted(
                  what,
                  within,
                  last.size(),
                  last.subList(Math.max(0, last.size() - 20), last.size())));
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing completes it with a failure", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    }
  }
}
