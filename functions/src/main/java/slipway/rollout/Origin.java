package slipway.rollout;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import slipway.json.Json;

/**
 * Where an image comes from, as its annotations say. Whoever may push can write anything there, so
 * that a commit that is none is left out, a time that is none, and of an author what people cannot
 * read.
 *
 * @param commit id of a Git commit, in hex
 * @param author of that commit, at most {@value #LONGEST_AUTHOR} characters in one line
 * @param pushed when the commit reached its branch: GitHub's time of the push; where no push told
 *     it, when the commit was made
 * @param override its message says that it rolls out although an error budget is spent
 * @param agent for Application Signals that is in it, such as {@code adot-java:2.30.0}
 */
record Origin(
    Optional<String> commit,
    Optional<String> author,
    Optional<Instant> pushed,
    boolean override,
    Optional<String> agent) {
  static final int LONGEST_AUTHOR = 100;

  /** Annotation, and label of the configuration, that names the commit. */
  static final String REVISION = "org.opencontainers.image.revision";

  /** Annotation that names the commit's author. */
  static final String AUTHORS = "org.opencontainers.image.authors";

  /** Annotation with the time of the push, in ISO 8601. */
  static final String PUSHED = "dev.slipway.pushed";

  /** Annotation that is {@code true} if the commit's message has the override marker. */
  static final String OVERRIDE = "dev.slipway.override";

  /** Annotation, and label of the configuration, that names the agent in the image. */
  static final String AGENT = "dev.slipway.agent";

  private static final Pattern NAMED_VERSION =
      Pattern.compile("[a-z][a-z0-9-]{0,39}:[0-9A-Za-z][0-9A-Za-z._-]{0,39}");

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{6,64}");

  /** Control, formatting and unassigned characters, and halves of characters. */
  private static final Pattern UNREADABLE = Pattern.compile("\\p{C}+");

  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

  static final Origin UNKNOWN =
      new Origin(Optional.empty(), Optional.empty(), Optional.empty(), false);

  Origin {
    commit = commit.filter(COMMIT.asMatchPredicate());
    author = author.map(Origin::readable).filter(Predicate.not(String::isEmpty));
    pushed =
        pushed.filter(Predicate.not(Instant.EPOCH::isAfter)).filter(at -> at.isBefore(YEAR_10000));
    agent = agent.filter(NAMED_VERSION.asMatchPredicate());
  }

  /** Of an image that names no agent. */
  Origin(
      Optional<String> commit,
      Optional<String> author,
      Optional<Instant> pushed,
      boolean override) {
    this(commit, author, pushed, override, Optional.empty());
  }

  /** What a manifest's annotations say. */
  static Origin of(Json annotations) {
    return new Origin(
        annotations.at(REVISION).optionalText(),
        annotations.at(AUTHORS).optionalText(),
        annotations.at(PUSHED).optionalText().flatMap(Origin::time),
        annotations.at(OVERRIDE).optionalText().filter("true"::equals).isPresent(),
        annotations.at(AGENT).optionalText());
  }

  /** This, and from another what this does not say. */
  Origin or(Origin other) {
    return new Origin(
        commit.or(other::commit),
        author.or(other::author),
        pushed.or(other::pushed),
        override || other.override,
        agent.or(other::agent));
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private static String readable(String text) {
    var one = UNREADABLE.matcher(text).replaceAll(" ").strip().replaceAll("\\s+", " ");
    return one.codePointCount(0, one.length()) <= LONGEST_AUTHOR
        ? one
        : one.substring(0, one.offsetByCodePoints(0, LONGEST_AUTHOR)).strip();
  }
}
