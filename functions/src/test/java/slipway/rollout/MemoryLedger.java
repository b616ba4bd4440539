package slipway.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import slipway.config.ServiceName;
import slipway.rollout.ServiceState.Pin;
import slipway.rollout.ServiceState.Said;

/** A ledger in memory, each write of which is all or nothing, as {@link DynamoLedger}'s are. */
final class MemoryLedger implements Ledger {
  private static final class Book {
    ServiceState state = ServiceState.EMPTY;
    final TreeMap<String, Rollout> rollouts = new TreeMap<>();
    final Map<String, Quarantine> quarantine = new HashMap<>();
    final List<Order> orders = new ArrayList<>();
    Optional<PendingRelease> release = Optional.empty();
  }

  private final Map<ServiceName, Book> books = new HashMap<>();

  private Book book(ServiceName service) {
    return books.computeIfAbsent(service, _ -> new Book());
  }

  @Override
  public Reading read(ServiceName service, Optional<String> fingerprint) {
    var book = book(service);
    return new Reading(
        book.state,
        fingerprint.flatMap(print -> Optional.ofNullable(book.quarantine.get(print))),
        book.release);
  }

  @Override
  public void started(Rollout rollout, Optional<Rollout> superseded) {
    var book = book(rollout.service());
    if (book.rollouts.putIfAbsent(rollout.id(), rollout) != null) return;
    book.state = book.state.started(rollout);
    superseded.ifPresent(before -> book.rollouts.put(before.id(), before));
  }

  @Override
  public void ended(Rollout rollout) {
    var book = book(rollout.service());
    book.rollouts.put(rollout.id(), rollout);
    book.state = book.state.ended(rollout);
    if (rollout.status() == Rollout.Status.FAILED)
      refused(rollout.service(), Quarantine.of(rollout));
  }

  @Override
  public void refused(ServiceName service, Quarantine quarantine) {
    book(service).quarantine.put(quarantine.fingerprint(), quarantine);
  }

  @Override
  public void said(ServiceName service, Said said) {
    set(service, state(service).pinned(), state(service).frozen(), Optional.of(said));
  }

  @Override
  public void spent(ServiceName service, List<SpentBudgets.Spent> spent) {
    book(service).state = state(service).spent(spent);
  }

  @Override
  public List<Rollout> history(ServiceName service, int atMost) {
    return book(service).rollouts.descendingMap().values().stream().limit(atMost).toList();
  }

  @Override
  public Optional<Rollout> rollout(ServiceName service, String id) {
    return Optional.ofNullable(book(service).rollouts.get(id));
  }

  @Override
  public void pin(ServiceName service, Optional<Rollout> rollout, Order order) {
    var pin = rollout.map(it -> new Pin(it, order.change()));
    set(service, pin, state(service).frozen(), state(service).said());
    book(service).orders.add(order);
  }

  @Override
  public void freeze(ServiceName service, boolean frozen, Order order) {
    var freeze = frozen ? Optional.of(order.change()) : Optional.<ServiceState.Change>empty();
    set(service, state(service).pinned(), freeze, state(service).said());
    book(service).orders.add(order);
  }

  @Override
  public List<Order> orders(ServiceName service, int atMost) {
    return book(service).orders.stream()
        .sorted(Comparator.comparing((Order order) -> order.change().at()).reversed())
        .limit(atMost)
        .toList();
  }

  @Override
  public Set<String> quarantined(ServiceName service) {
    return Set.copyOf(book(service).quarantine.keySet());
  }

  ServiceState state(ServiceName service) {
    return book(service).state;
  }

  /** Remembers that CloudFormation waits; or that it waits no longer. */
  void release(ServiceName service, Optional<PendingRelease> release) {
    book(service).release = release;
  }

  Optional<PendingRelease> release(ServiceName service) {
    return book(service).release;
  }

  private void set(
      ServiceName service,
      Optional<Pin> pinned,
      Optional<ServiceState.Change> frozen,
      Optional<Said> said) {
    var state = state(service);
    book(service).state =
        new ServiceState(state.running(), state.latest(), pinned, frozen, said, state.spent());
  }
}
