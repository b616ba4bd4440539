package slipway.local.iam;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was asked of IAM, and what it answered: each different request once. Whoever removes a
 * statement from a policy sees here which of them would have been refused.
 */
public final class Journal {
  /** Far more than a stack asks in a day of tests, and still only some megabytes. */
  private static final int MOST = 50_000;

  private final int most;
  private final Map<Request, Entry> entries = new LinkedHashMap<>();
  private final AtomicLong dropped = new AtomicLong();

  /** A request and the first answer to it. */
  public record Entry(Request request, Decision decision) {}

  Journal() {
    this(MOST);
  }

  Journal(int most) {
    this.most = most;
  }

  synchronized void note(Request request, Decision decision) {
    if (entries.containsKey(request)) return;
    if (entries.size() < most) entries.put(request, new Entry(request, decision));
    else dropped.incrementAndGet();
  }

  /** Each different request, oldest first. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** How many did not find room: with any, the rest proves nothing. */
  public long dropped() {
    return dropped.get();
  }
}
