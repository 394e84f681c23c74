package dev.bowline.cli.config;

import dev.bowline.cli.config.ItemReader.Given;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads YAML 1.2 by the catalogue, and goes on behind what is wrong, so that all of it is told at once. */
final class YamlReader {
    private static final LoadSettings LOAD =
            LoadSettings.builder().setUseMarks(true).setParseComments(false).build();

    private final List<Problem> problems;
    private IntFunction<Place> places = line -> Place.STANDARD;

    YamlReader(List<Problem> problems) {
        this.problems = problems;
    }

    /** @param lines the place of a line, from 1 */
    Values read(String text, IntFunction<Place> lines) {
        Values values = new Values();
        Node top = parse(text, lines);
        if (top != null) {
            section(Settings.TOP, top, values);
        }
        return values;
    }

    /** The members of a group alone. */
    void read(String text, IntFunction<Place> lines, Group group, Values into) {
        Node top = parse(text, lines);
        if (top != null) {
            group(group, top, into);
        }
    }

    private @Nullable Node parse(String text, IntFunction<Place> lines) {
        places = lines;
        try {
            StreamReader reader = new StreamReader(LOAD, text);
            return new Composer(LOAD, new ParserImpl(LOAD, reader))
                    .getSingleNode()
                    .orElse(null);
        } catch (MarkedYamlEngineException e) {
            problems.add(new Problem(place(e.getProblemMark()), "this is not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            problems.add(new Problem(lines.apply(1), "this is not YAML: " + e.getMessage()));
        }
        return null;
    }

    private Place place(Optional<Mark> mark) {
        return places.apply(mark.map(Mark::getLine).orElse(0) + 1);
    }

    private Place place(Node node) {
        return place(node.getStartMark());
    }

    private void complain(Node node, String text) {
        problems.add(new Problem(place(node), text));
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static String named(Item item) {
        return item.path().isEmpty() ? "the configuration" : item.path();
    }

    private void section(Section section, Node node, Values into) {
        if (isNothing(node)) {
            return;
        }
        if (!(node instanceof MappingNode mapping)) {
            complain(node, named(section) + " must have keys: " + keys(section));
            return;
        }
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            Item item = section.item(key);
            if (item == null) {
                Supplier<String> where = () -> section.path().isEmpty() ? "" : " in " + section.path();
                complain(
                        tuple.getKeyNode(),
                        "there is no key \"" + key + "\"" + where.get()
                                + Nearest.suggestion(
                                        key,
                                        section.items().stream().map(Item::name).toList())
                                + " The keys there are " + keys(section));
            } else if (!seen.add(key)) {
                complain(tuple.getKeyNode(), item.path() + " is there twice");
            } else {
                item(item, tuple.getValueNode(), into);
            }
        }
    }

    private static String keys(Section section) {
        return section.items().stream().map(Item::name).collect(Collectors.joining(", "));
    }

    private void item(Item item, Node node, Values into) {
        if (item instanceof Section section) {
            section(section, node, into);
        } else if (item instanceof Group group) {
            group(group, node, into);
        } else if (item instanceof ListSetting<?> list) {
            list(list, node, into);
        } else if (item instanceof Setting<?> setting) {
            if (isNothing(node)) {
                complain(
                        node,
                        item.path() + " has no value; it must be "
                                + setting.type().allowed());
            } else if (node instanceof ScalarNode scalar) {
                ItemReader.read(setting, scalar.getValue(), place(node), into, problems);
            } else {
                complain(
                        node,
                        item.path() + " must be one value: " + setting.type().allowed());
            }
        }
    }

    private void list(ListSetting<?> list, Node node, Values into) {
        List<Given> all = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node one : sequence.getValue()) {
                if (one instanceof ScalarNode scalar && !isNothing(one)) {
                    all.add(new Given(scalar.getValue(), place(one)));
                } else {
                    complain(
                            one,
                            "each of " + list.path() + " must be " + list.type().allowed());
                }
            }
        } else if (node instanceof ScalarNode scalar && !isNothing(node)) {
            all.add(new Given(scalar.getValue(), place(node))); // who has one of them need not make a list of it
        } else if (!isNothing(node)) {
            complain(
                    node,
                    list.path() + " must be a list; each of it " + list.type().allowed());
        }
        ItemReader.read(list, all, place(node), into, problems);
    }

    private void group(Group group, Node node, Values into) {
        List<Values> members = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node one : sequence.getValue()) {
                Values member = new Values(place(one));
                section(group.member(), one, member);
                members.add(member);
            }
        } else if (!isNothing(node)) {
            complain(node, group.path() + " must be a list; each of it has the keys " + keys(group.member()));
        }
        into.set(group, members, place(node));
    }
}
