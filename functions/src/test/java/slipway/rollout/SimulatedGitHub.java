package slipway.rollout;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;

/** What GitHub shows of the services' commits and deployments. */
final class SimulatedGitHub implements Feedback, Announcements {
  record Commit(ServiceName service, int number) {}

  /** The last word on a commit. */
  record Word(State state, String text) {}

  record Told(ServiceName service, Announcement rollout) {}

  private final Map<Commit, Word> words = new LinkedHashMap<>();
  private final Map<Told, Stage> stages = new LinkedHashMap<>();

  @Override
  public void set(
      ServiceName service,
      String commit,
      State state,
      String context,
      String description,
      Optional<URI> target) {
    words.put(new Commit(service, Fleet.number(commit)), new Word(state, description));
  }

  @Override
  public void set(
      ServiceName service, Announcement rollout, Stage stage, String text, Optional<URI> log) {
    stages.put(new Told(service, rollout), stage);
  }

  Map<Commit, Word> words() {
    return words;
  }

  Map<Told, Stage> stages() {
    return stages;
  }
}
