package dev.sluice.gateapi.callers.asked;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.control.SetupForm;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was set up of one kind of caller, as this replica has read it from the log. A name is a part of the path of a webhook and so one for
 * all tenants; what two tenants have set up under one name at the same moment is nobody's until one of them gives it up.
 *
 * @param <T> what is set up
 */
public final class Setups<T> implements SetupForm {
    private final String kind;
    private final Form<T> form;
    private final Views views;

    /**
     * Creates them.
     *
     * @param kind as {@link Control} names it
     * @param form how it is written
     * @param views follows what is set up
     */
    public Setups(String kind, Form<T> form, Views views) {
        this.kind = kind;
        this.form = form;
        this.views = views;
    }

    /**
     * How something that is set up is written.
     *
     * @param <T> what is set up
     */
    public interface Form<T> {
        /**
         * Reads the body of a request.
         *
         * @param tenant whose it is to be
         * @param body the body, which this is told of all that is wrong
         * @param json the same
         * @return nothing if something is wrong
         */
        Optional<T> read(String tenant, Members body, JsonNode json);

        /** Reads what was set up. */
        T of(JsonNode document);

        /** Returns it as it is set up. */
        ObjectNode json(T document);
    }

    /**
     * Something that was set up.
     *
     * @param tenant whose it is
     * @param name its name
     * @param partition of the record, by which replicas share the work
     * @param document what is set up
     */
    public record Setup<T>(String tenant, String name, int partition, T document) {}

    @Override
    public Optional<ObjectNode> read(String tenant, Members body, JsonNode json) {
        return form.read(tenant, body, json).map(form::json);
    }

    @Override
    public void requireFree(String tenant, String name) {
        if (named(name).stream().anyMatch(held -> !held.row().tenant().equals(tenant))) {
            throw new ApiException(
                    ErrorType.CONFLICT,
                    "the name is taken: it is a part of the path of a webhook, one for all tenants");
        }
    }

    /**
     * Returns what the path of a webhook names.
     *
     * @throws ApiException 503 if that has not been read from the log yet
     */
    public Optional<Setup<T>> find(String name) {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
        List<Held<Control>> found = named(name);
        return found.size() == 1 ? Optional.of(setup(found.get(0))) : Optional.empty();
    }

    /** Returns what a tenant has set up under a name. */
    public Optional<T> of(String tenant, String name) {
        return views.control(tenant, kind, name).map(held -> form.of(held.row().document()));
    }

    /** Returns all that was set up, of all tenants. */
    public Stream<Setup<T>> all() {
        return views.controls(kind).map(this::setup);
    }

    private List<Held<Control>> named(String name) {
        return views.controls(kind).filter(held -> held.row().id().equals(name)).toList();
    }

    private Setup<T> setup(Held<Control> held) {
        Control control = held.row();
        return new Setup<>(control.tenant(), control.id(), held.partition(), form.of(control.document()));
    }
}
