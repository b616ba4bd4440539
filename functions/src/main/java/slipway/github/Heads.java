package slipway.github;

import java.util.Optional;
import slipway.config.Source;

/** Branches, as GitHub knows them. */
interface Heads {

  /**
   * The head of a branch.
   *
   * @param commit its full id
   * @param etag of the answer, if it had one: GitHub's name for this state of the branch
   */
  record Head(String commit, Optional<String> etag) {}

  /**
   * Asks for the branch's head.
   *
   * @param etag of an answer before
   * @return empty if nothing changed since that answer
   * @throws GitHubFailed if GitHub, or the way to it, does not tell
   */
  Optional<Head> read(Source source, Optional<String> etag);

  /** What differs from one commit to a later one; unknown if GitHub cannot tell for any reason. */
  Changes between(Source source, String base, String head);
}
