package slipway.github;

import java.util.Optional;

/** Deliveries that started a build, with the answer they got. */
interface Deliveries {
  /** The answer that the delivery got, if it started a build before. */
  Optional<Answer> find(String delivery);

  /** Keeps the answer; returns the one that counts, which is the first. */
  Answer remember(String delivery, Answer answer);
}
