package slipway.local.github;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import slipway.json.Json;

/** Events that GitHub does not send, as long as it is open. */
public final class Outage implements AutoCloseable {
  private final Consumer<Outage> end;
  private final List<Json> lost = new CopyOnWriteArrayList<>();

  Outage(Consumer<Outage> end) {
    this.end = end;
  }

  void lose(String payload) {
    lost.add(Json.parse(payload));
  }

  /** The payloads that were not sent, oldest first. */
  public List<Json> lost() {
    return List.copyOf(lost);
  }

  /** Events from now on are sent. */
  @Override
  public void close() {
    end.accept(this);
  }
}
