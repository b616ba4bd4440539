package slipway.config;

import java.util.Map;
import java.util.Optional;

/** The settings of one function, read once at its start. */
public record Settings(Map<String, String> environment) {

  public Settings {
    environment = Map.copyOf(environment);
  }

  /** The setting's value; fails if infra did not set it. */
  public String get(Setting setting) {
    return find(setting)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "environment variable "
                        + setting
                        + " is not set: infra sets it, so deploy the stack that this function"
                        + " belongs to"));
  }

  /** The setting's value, if infra set one. */
  public Optional<String> find(Setting setting) {
    return Optional.ofNullable(environment.get(setting.name())).filter(value -> !value.isBlank());
  }

  /** Names only: values may be secret one day. */
  @Override
  public String toString() {
    return "Settings" + environment.keySet();
  }
}
