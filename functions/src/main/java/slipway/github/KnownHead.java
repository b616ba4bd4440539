package slipway.github;

import java.util.Optional;

/**
 * What is remembered of a branch.
 *
 * @param head that it had when it was last looked at
 * @param etag of GitHub's answer then
 * @param settled whether all was built of it that must be
 * @param base the last head that was settled
 * @param run that saw this head first
 */
record KnownHead(
    String head, Optional<String> etag, boolean settled, Optional<String> base, String run) {

  KnownHead settle() {
    return new KnownHead(head, etag, true, Optional.of(head), run);
  }

  /** The same branch as GitHub tells it in this run; a head is settled only as long as it stays. */
  KnownHead now(Heads.Head read, String thisRun) {
    return read.commit().equals(head)
        ? new KnownHead(head, read.etag(), settled, base, run)
        : new KnownHead(read.commit(), read.etag(), false, base, thisRun);
  }
}
