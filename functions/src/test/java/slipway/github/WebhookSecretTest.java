package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookSecretTest {
  private static final byte[] BODY = "{}".getBytes(UTF_8);

  private Instant now = Instant.parse("2026-08-04T00:00:00Z");
  private WebhookSecret.Versions stored =
      new WebhookSecret.Versions(
          "first", Optional.of(now.minus(Duration.ofDays(90))), Optional.empty());
  private int reads;

  private final WebhookSecret secret =
      new WebhookSecret(
          () -> {
            reads++;
            return stored;
          },
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
              return this;
            }
          });

  @Test
  void isReadOnceForManyDeliveries() {
    assertThat(accepts("first")).isTrue();
    assertThat(accepts("first")).isTrue();
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void isReadAgainAfterMinutes() {
    accepts("first");
    later(Duration.ofMinutes(6));
    accepts("first");
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void aRotationIsNoticedAtTheFirstMismatch() {
    accepts("first");
    later(Duration.ofSeconds(30));
    rotateTo("second");
    assertThat(accepts("second")).isTrue();
  }

  @Test
  void thePreviousOneCountsForADayAfterARotation() {
    rotateTo("second");
    later(Duration.ofHours(23));
    assertThat(accepts("first")).isTrue();
    later(Duration.ofHours(2));
    assertThat(accepts("first")).isFalse();
    assertThat(accepts("second")).isTrue();
  }

  @Test
  void thePreviousOneNeverCountsIfNobodyKnowsHowOldTheRotationIs() {
    stored = new WebhookSecret.Versions("second", Optional.empty(), Optional.of("first"));
    assertThat(accepts("first")).isFalse();
  }

  @Test
  void aFloodOfWrongSignaturesIsNoFloodOfReads() {
    for (var i = 0; i < 1000; i++) assertThat(accepts("guess " + i)).isFalse();
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void withoutASignatureNothingIsRead() {
    assertThat(secret.signed(Optional.empty(), BODY)).isFalse();
    assertThat(secret.signed(Optional.of("sha256=short"), BODY)).isFalse();
    assertThat(reads).isZero();
  }

  @Test
  void isNotInItsText() {
    assertThat(stored.toString()).doesNotContain("first");
  }

  private boolean accepts(String signer) {
    return secret.signed(Optional.of(Signature.header(BODY, signer)), BODY);
  }

  private void rotateTo(String next) {
    stored = new WebhookSecret.Versions(next, Optional.of(now), Optional.of(stored.current()));
  }

  private void later(Duration time) {
    now = now.plus(time);
  }
}
