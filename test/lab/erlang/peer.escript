#!/usr/bin/env escript
%% A client or server on Erlang's ssl: peer.escript client|server PORT [key=value...]
%%
%%   name=HOST    client: asked for in SNI and checked;  check=no    it accepts any certificate
%%   trust=PEM    authorities;  cert=PEM key=PEM    certificate with its chain, key
%%   versions=A,B    tlsv1.2, tlsv1.3
%%   ask=request|require    server: asks for a client certificate
%%   ciphers=A,B    OpenSSL's names;  alpn=A,B    application protocols
%%
%% SPDX-License-Identifier: GPL-2.0-or-later

main([Side, Port | Words]) ->
    {ok, _} = application:ensure_all_started(ssl),
    Options = [list_to_tuple([list_to_atom(K) | V]) || [K | V] <- [string:split(W, "=") || W <- Words]],
    case Side of
        "client" -> client(list_to_integer(Port), Options);
        "server" -> server(list_to_integer(Port), Options)
    end.

value(Key, Options) -> proplists:get_value(Key, Options).

list(Key, Options) -> string:tokens(value(Key, Options), ",").

common(Options) ->
    lists:append([
        [binary, {active, false}, {nodelay, true}],
        [{cacertfile, value(trust, Options)} || value(trust, Options) =/= undefined],
        [{certfile, value(cert, Options)} || value(cert, Options) =/= undefined],
        [{keyfile, value(key, Options)} || value(key, Options) =/= undefined],
        [{versions, [list_to_atom(V) || V <- list(versions, Options)]} || value(versions, Options) =/= undefined],
        [{ciphers, [ssl:str_to_suite(C) || C <- list(ciphers, Options)]} || value(ciphers, Options) =/= undefined]]).

protocols(Key, Options) ->
    [{Key, [list_to_binary(P) || P <- list(alpn, Options)]} || value(alpn, Options) =/= undefined].

client(Port, Options) ->
    Check = case value(check, Options) of
        "no" -> [{verify, verify_none}];
        _ -> [{verify, verify_peer}]
    end,
    Name = [{server_name_indication, value(name, Options)} || value(name, Options) =/= undefined],
    {ok, Plain} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {active, false}, {nodelay, true}]),
    case ssl:connect(Plain, common(Options) ++ Check ++ Name ++ protocols(alpn_advertised_protocols, Options), 4000) of
        {ok, Socket} ->
            io:format("handshake completed, ~p~n", [ssl:connection_information(Socket, [protocol, selected_cipher_suite])]),
            ok = ssl:send(Socket, "hello\n"),
            io:format("~p~n", [ssl:recv(Socket, 0, 2000)]),
            ssl:close(Socket);
        Error -> io:format("error: ~p~n", [Error])
    end,
    timer:sleep(200).

server(Port, Options) ->
    Ask = case value(ask, Options) of
        "require" -> [{verify, verify_peer}, {fail_if_no_peer_cert, true}];
        "request" -> [{verify, verify_peer}];
        _ -> []
    end,
    {ok, Listener} = ssl:listen(Port, common(Options) ++ Ask ++ protocols(alpn_preferred_protocols, Options) ++ [{ip, {127, 0, 0, 1}}, {reuseaddr, true}]),
    accept(Listener).

accept(Listener) ->
    {ok, Young} = ssl:transport_accept(Listener),
    case ssl:handshake(Young, 4000) of
        {ok, Socket} ->
            io:format("handshake completed~n"),
            answer(Socket);
        Error -> io:format("error: ~p~n", [Error])
    end,
    accept(Listener).

answer(Socket) ->
    case ssl:recv(Socket, 0, 4000) of
        {ok, Data} ->
            ssl:send(Socket, Data),
            answer(Socket);
        Error ->
            io:format("~p~n", [Error]),
            ssl:close(Socket)
    end.
