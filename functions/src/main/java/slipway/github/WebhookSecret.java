package slipway.github;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The secret that signs webhooks, kept for some minutes. After a rotation the previous one counts
 * for another day, as the hook at GitHub is changed by hand and never at the same moment.
 */
final class WebhookSecret {
  private static final Duration KEEP = Duration.ofMinutes(5);

  /** Wrong signatures must not turn into a flood of requests to Secrets Manager. */
  private static final Duration REREAD_AT_MOST_EVERY = Duration.ofSeconds(10);

  private static final Duration ROTATION = Duration.ofDays(1);

  /** Where the secret is stored. */
  @FunctionalInterface
  interface Source {
    Versions read();
  }

  /**
   * The secret's versions.
   *
   * @param since when the current one was stored, if known
   * @param previous the one before, if any
   */
  record Versions(String current, Optional<Instant> since, Optional<String> previous) {
    Versions {
      if (current.isEmpty())
        throw new IllegalArgumentException("the webhook secret is empty: store a long random text");
    }

    boolean sign(Signature signature, byte[] body, Instant now) {
      if (signature.signs(body, current)) return true;
      var rotating = since.filter(at -> now.isBefore(at.plus(ROTATION))).isPresent();
      return rotating && previous.filter(secret -> signature.signs(body, secret)).isPresent();
    }

    @Override
    public String toString() {
      return "Versions[since " + since + "]";
    }
  }

  private record Kept(Versions versions, Instant readAt) {
    Duration age(Instant now) {
      return Duration.between(readAt, now);
    }
  }

  private final Source source;
  private final Clock clock;
  private volatile @Nullable Kept kept;

  WebhookSecret(Source source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** Whether the header {@code X-Hub-Signature-256} is this body's signature. */
  boolean signed(Optional<String> header, byte[] body) {
    return header.flatMap(Signature::parse).filter(s -> signed(s, body)).isPresent();
  }

  private boolean signed(Signature signature, byte[] body) {
    var now = clock.instant();
    var known = kept;
    if (known == null || known.age(now).compareTo(KEEP) > 0)
      return read(now).sign(signature, body, now);
    if (known.versions().sign(signature, body, now)) return true;
    // Perhaps rotated a moment ago.
    return known.age(now).compareTo(REREAD_AT_MOST_EVERY) > 0
        && read(now).sign(signature, body, now);
  }

  private Versions read(Instant now) {
    var versions = source.read();
    kept = new Kept(versions, now);
    return versions;
  }
}
