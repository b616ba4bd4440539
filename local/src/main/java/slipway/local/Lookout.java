package slipway.local;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import slipway.json.Json;
import slipway.local.cloud.CallLog;
import slipway.local.github.CommitStatus;
import slipway.local.github.Delivery;

/**
 * Tells when something happens, so that nobody has to look again and again. Each promise is for
 * what happens after it was asked for: ask first, then do what makes it happen.
 */
public final class Lookout {
  private final List<Wait<Delivery>> deliveries = new CopyOnWriteArrayList<>();
  private final List<Wait<CommitStatus>> statuses = new CopyOnWriteArrayList<>();
  private final List<Wait<Json>> events = new CopyOnWriteArrayList<>();
  private final List<Wait<CallLog.Entry>> calls = new CopyOnWriteArrayList<>();

  private record Wait<T>(Predicate<T> wanted, CompletableFuture<T> found) {
    static <T> CompletableFuture<T> in(List<Wait<T>> waits, Predicate<T> wanted) {
      var wait = new Wait<>(wanted, new CompletableFuture<T>());
      waits.add(wait);
      return wait.found();
    }

    static <T> void tell(List<Wait<T>> waits, T news) {
      waits.removeIf(wait -> wait.wanted().test(news) && wait.found().complete(news));
    }
  }

  public Lookout(LocalSlipway slipway) {
    slipway.github().onDelivery(delivery -> Wait.tell(deliveries, delivery));
    slipway.github().onStatus(status -> Wait.tell(statuses, status));
    slipway.stack().events().listen(event -> Wait.tell(events, Json.parse(event)));
    slipway.stack().calls().listen(call -> Wait.tell(calls, call));
  }

  /** A webhook was sent, and answered or not. */
  public CompletableFuture<Delivery> delivery(Predicate<Delivery> wanted) {
    return Wait.in(deliveries, wanted);
  }

  /** A commit got a status. */
  public CompletableFuture<CommitStatus> status(Predicate<CommitStatus> wanted) {
    return Wait.in(statuses, wanted);
  }

  /** An event was put on the bus; given as its envelope. */
  public CompletableFuture<Json> event(Predicate<Json> wanted) {
    return Wait.in(events, wanted);
  }

  /** A call of an AWS API was answered. */
  public CompletableFuture<CallLog.Entry> call(Predicate<CallLog.Entry> wanted) {
    return Wait.in(calls, wanted);
  }
}
