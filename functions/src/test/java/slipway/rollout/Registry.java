package slipway.rollout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import slipway.config.ServiceName;

/** ECR: the images that builds pushed, and the deploy tag of each repository. */
final class Registry implements Images {
  private final Events events;
  private final Map<String, NavigableMap<Integer, Image>> images = new HashMap<>();
  private final Map<String, Integer> tags = new HashMap<>();

  Registry(Events events) {
    this.events = events;
  }

  @Override
  public Optional<Image> behind(String repository, String tag) {
    return Optional.ofNullable(tags.get(repository))
        .map(commit -> images.get(repository).get(commit));
  }

  void push(Image image) {
    images
        .computeIfAbsent(image.repository(), _ -> new TreeMap<>())
        .put(Fleet.number(image.commit().orElseThrow()), image);
  }

  /** The commit behind the deploy tag. */
  Optional<Integer> tagged(ServiceName service, String container) {
    return Optional.ofNullable(tags.get(Fleet.repository(service, container)));
  }

  /** All commits that have an image, the oldest first. */
  List<Integer> commits(ServiceName service, String container) {
    return List.copyOf(
        images
            .getOrDefault(Fleet.repository(service, container), new TreeMap<>())
            .navigableKeySet());
  }

  /** Lets the deploy tag point to the image of a commit. */
  void tag(ServiceName service, String container, int commit) {
    var repository = Fleet.repository(service, container);
    tags.put(repository, commit);
    events.put(
        service,
        "ECR Image Action",
        List.of(),
        Map.of("repository-name", repository, "image-tag", "live", "commit", commit));
  }
}
