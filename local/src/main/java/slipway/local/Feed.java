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
public record Feed<T>(Consumer<Consumer<T>> listen, Supplier<List<T>> past) {

  /** The first one that is wanted, of those to come: ask first, then do what makes it come. */
  public CompletableFuture<T> next(Predicate<T> wanted) {
    var found = new CompletableFuture<T>();
    listen.accept(
        each -> {
          if (wanted.test(each)) found.complete(each);
        });
    return found;
  }

  /** The first one that is wanted, of those that were or that will be. */
  public T first(String what, Duration within, Predicate<T> wanted) {
    // Listens before it looks back: what happens in between is seen twice, not missed.
    var found = next(wanted);
    past.get().stream().filter(wanted).findFirst().ifPresent(found::complete);
    try {
      return found.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      var last = past.get();
      throw new IllegalStateException(
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
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
  }
}
